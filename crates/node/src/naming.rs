//! Names that configs and command lines give to runs, hosts and addresses.
//!
//! Each check says what is wrong and what to say instead, as `what: say how`.

use std::net::{IpAddr, Ipv6Addr};

/// The longest name of a run, in bytes: it goes into every Hello.
const RUN_NAME_BYTES_MAX: usize = 64;

/// How the name of a run is written.
const RUN_NAME: &str = "say letters, digits, '-', '_' and, but first, '.', at most 64";

/// How an address is written.
const ADDRESS: &str = "say host:port, as 127.0.0.1:5555 or machine-2:5555";

/// Whether `name` can be the name of a run: it goes into paths and into every
/// Hello.
///
/// # Errors
/// What is wrong with it.
pub fn check_run_name(name: &str) -> Result<(), String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || name.starts_with('.') || !name.chars().all(is_allowed) {
        return Err(format!("\"{name}\" cannot be the name of a run: {RUN_NAME}"));
    }
    if name.len() > RUN_NAME_BYTES_MAX {
        return Err(format!("the name of the run has {} characters: {RUN_NAME}", name.len()));
    }
    Ok(())
}

/// Whether `host` can be a host: a name, or an address, of IPv6 with or without
/// its brackets.
///
/// # Errors
/// What is wrong with it.
pub fn check_host(host: &str) -> Result<(), String> {
    if is_host(host) {
        return Ok(());
    }
    Err(format!("\"{host}\" is not a host: say one without a port, as 127.0.0.1, ::1 or localhost"))
}

fn is_host(host: &str) -> bool {
    match host.contains([':', '[', ']']) {
        true => {
            is_ipv6(host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host))
        }
        false => {
            !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || "/@,\"".contains(c))
        }
    }
}

/// An interface may follow a link-local one: `fe80::1%eth0`.
fn is_ipv6(address: &str) -> bool {
    let (address, _) = address.split_once('%').unwrap_or((address, ""));
    address.parse::<Ipv6Addr>().is_ok()
}

/// Whether `address` is `host:port`.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check_address(address: &str) -> Result<(), String> {
    if is_ipv6(address) {
        return Err(format!(
            "\"{address}\" is an IPv6 address without brackets: say [address]:port, as [::1]:5555"
        ));
    }
    let Some((host, port)) = address.rsplit_once(':') else {
        return Err(format!("\"{address}\" has no port: {ADDRESS}"));
    };
    if host.is_empty() {
        return Err(format!("\"{address}\" has no host: {ADDRESS}"));
    }
    if !is_host(host) {
        return Err(format!("\"{host}\" is not a host: {ADDRESS}"));
    }
    match port.parse::<u16>() {
        Ok(1..) => Ok(()),
        _ => Err(format!("\"{port}\" is not a port from 1 to 65535: {ADDRESS}")),
    }
}

/// Whether `address`, a good one, can only be reached from this very computer.
#[must_use]
pub fn is_loopback(address: &str) -> bool {
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        Ok(ip) => ip.to_canonical().is_loopback(),
        // RFC 6761: names below it mean the computer itself, and no other.
        Err(_) => {
            let host = host.to_ascii_lowercase();
            host == "localhost" || host.ends_with(".localhost")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_this_computer_and_no_other() {
        for own in [
            "127.0.0.1:1",
            "127.255.3.4:1",
            "[::1]:1",
            "[::ffff:127.0.0.1]:1",
            "localhost:1",
            "LocalHost:1",
            "a.localhost:1",
        ] {
            assert!(is_loopback(own), "{own}");
        }
        for other in [
            "0.0.0.0:1",
            "[::]:1",
            "10.0.0.1:1",
            "128.0.0.1:1",
            "[::ffff:10.0.0.1]:1",
            "[fe80::1%lo]:1",
            "machine-2:1",
            "notlocalhost:1",
            "localhost.example:1",
            "127.0.0.1.example:1",
        ] {
            assert!(!is_loopback(other), "{other}");
        }
    }

    #[test]
    fn addresses_have_a_host_and_a_port() {
        for good in ["127.0.0.1:1", "machine-2:65535", "[::1]:5555", "[fe80::1%eth0]:80", "a.b:5"] {
            assert_eq!(check_address(good), Ok(()));
        }
        for bad in
            ["", "a", "a:", ":5", "a:0", "a:65536", "::1", "::1:5555", "[::1]", "[::1:5", "a b:5"]
        {
            assert!(check_address(bad).is_err(), "{bad}");
        }
        assert!(check_address("http://a:5555").is_err());
    }

    #[test]
    fn hosts_have_no_port() {
        for good in ["127.0.0.1", "localhost", "::1", "[::1]", "0.0.0.0"] {
            assert_eq!(check_host(good), Ok(()));
        }
        for bad in ["", " ", "127.0.0.1:5555", "[::1]:5555", "http://a", "a,b"] {
            assert!(check_host(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_of_runs_are_names_of_folders() {
        for good in ["by-hand", "a", "A_1.b", &"x".repeat(64)] {
            assert_eq!(check_run_name(good), Ok(()));
        }
        for bad in ["", ".", "..", ".a", "a/b", "a b", "ü", &"x".repeat(65)] {
            assert!(check_run_name(bad).is_err(), "{bad}");
        }
    }
}
