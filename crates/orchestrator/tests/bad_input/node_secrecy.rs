//! The config of a node: nothing is said in plain text where others may listen,
//! unless it is so wanted.

use insta::assert_snapshot;

use crate::node_keys::check;

const PEERS: &str =
    "peers = [{ machine = 2, address = \"127.0.0.1:1\" }, { machine = 3, address = \"[::1]:1\" }]";

#[test]
fn plain_text_beyond_this_computer() {
    assert_snapshot!(check(&[
        ("listen", "listen = \"0.0.0.0:5555\""),
        ("listen", "listen = \"192.168.1.5:5555\""),
        ("peers", &PEERS.replace("[::1]:1", "machine-3:5555")),
        ("peers", &PEERS.replace("127.0.0.1:1", "localhost.example:5555")),
    ]), @r##"
    error: 0.0.0.0:5555 is not on this computer alone: in plain text, others could read and forge what is said there
     --> n.toml:4:10
      |
    4 | listen = "0.0.0.0:5555"
      |          ^^^^^^^^^^^^^^
    help: mint certificates with offbeat certs --machines 3 and name them in [tls], or say `plain = true`
    [2]

    error: 192.168.1.5:5555 is not on this computer alone: in plain text, others could read and forge what is said there
     --> n.toml:4:10
      |
    4 | listen = "192.168.1.5:5555"
      |          ^^^^^^^^^^^^^^^^^^
    help: mint certificates with offbeat certs --machines 3 and name them in [tls], or say `plain = true`
    [2]

    error: machine-3:5555 is not on this computer alone: in plain text, others could read and forge what is said there
     --> n.toml:5:77
      |
    5 | peers = [{ machine = 2, address = "127.0.0.1:1" }, { machine = 3, address = "machine-3:5555" }]
      |                                                                             ^^^^^^^^^^^^^^^^
    help: mint certificates with offbeat certs --machines 3 and name them in [tls], or say `plain = true`
    [2]

    error: localhost.example:5555 is not on this computer alone: in plain text, others could read and forge what is said there
     --> n.toml:5:35
      |
    5 | peers = [{ machine = 2, address = "localhost.example:5555" }, { machine = 3, address = "[::1]:1" }]
      |                                   ^^^^^^^^^^^^^^^^^^^^^^^^
    help: mint certificates with offbeat certs --machines 3 and name them in [tls], or say `plain = true`
    [2]
    "##);
}

#[test]
fn certificates() {
    const TLS: &str = "tls = { authority = \"a.pem\", certificate = \"c.pem\", key = \"k.pem\" }";
    assert_snapshot!(check(&[
        ("tls", TLS),
        ("plain", &format!("plain = true\n{TLS}")),
        ("plain", "plain = \"yes\""),
        ("tls", "tls = true"),
        ("tls", "tls = { authority = \"a.pem\", key = \"k.pem\" }"),
        ("tls", "tls = { authority = \"a.pem\", certificate = \"c.pem\", keys = \"k.pem\" }"),
        ("tls", &TLS.replace("\"k.pem\"", "5")),
    ]), @r##"
    error: a.pem: cannot read the certificate: No such file or directory
    help: mint certificates with offbeat certs
    [2]

    error: with [tls], nothing is said in plain text
     --> n.toml:4:9
      |
    4 | plain = true
      |         ^^^^
    help: keep one of them, `plain = true` or [tls]
    [2]

    error: `plain` cannot be "yes"
     --> n.toml:4:9
      |
    4 | plain = "yes"
      |         ^^^^^
    help: say true or false, as plain = true
    [2]

    error: `tls` cannot be true
     --> n.toml:4:7
      |
    4 | tls = true
      |       ^^^^
    help: say a table, as tls = { authority = "authority.pem", certificate = "certificate.pem", key = "key.pem" }
    [2]

    error: the key `certificate` is missing
     --> n.toml:4:7
      |
    4 | tls = { authority = "a.pem", key = "k.pem" }
      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    help: add certificate = "certificate.pem"
    [2]

    error: unknown key `keys`
     --> n.toml:4:53
      |
    4 | tls = { authority = "a.pem", certificate = "c.pem", keys = "k.pem" }
      |                                                     ^^^^
    help: did you mean `key`?
    [2]

    error: `key` cannot be 5
     --> n.toml:4:59
      |
    4 | tls = { authority = "a.pem", certificate = "c.pem", key = 5 }
      |                                                           ^
    help: say a path in quotes, as key = "key.pem"
    [2]
    "##);
}
