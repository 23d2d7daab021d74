//! The ports that nodes listen on.

use std::fmt;
use std::net::TcpListener;
use std::str::FromStr;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use machine::draw::entropy;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The ports of the first machines, if nothing else is said.
pub(crate) const DEFAULT_PORTS: [u16; 5] = [5555, 6666, 7777, 8888, 9999];

/// Where free ports are looked for: below those that the system gives to
/// connections.
const FREE_PORTS: std::ops::Range<u16> = 20_000..32_000;

/// Ports tried in the search for free ones.
const TRIES_MAX: u32 = 10_000;

/// The ports of a run, as people write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ports {
    /// Whichever are free.
    Auto,
    /// One for each machine.
    Given(Vec<u16>),
}

/// One word of `--ports`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PortWord {
    Auto,
    Port(u16),
}

impl FromStr for PortWord {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "auto" => Ok(Self::Auto),
            _ => match word.parse() {
                Ok(port) if port > 0 => Ok(Self::Port(port)),
                _ => {
                    Err(format!("\"{word}\" is not a port: say a number from 1 to 65535, or auto"))
                }
            },
        }
    }
}

impl Ports {
    /// The ports that these words of the command line mean.
    pub(crate) fn of_words(words: &[PortWord]) -> Self {
        let ports = words.iter().map(|word| match word {
            PortWord::Port(port) => Some(*port),
            PortWord::Auto => None,
        });
        ports.collect::<Option<_>>().map_or(Self::Auto, Self::Given)
    }
}

impl<'de> Deserialize<'de> for Ports {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PortsVisitor;

        impl<'de> Visitor<'de> for PortsVisitor {
            type Value = Ports;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("ports such as [5555, 6666, 7777], or \"auto\"")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Ports, E> {
                text.parse().map(|word| Ports::of_words(&[word])).map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Ports, A::Error> {
                let mut ports = Vec::new();
                while let Some(Port(port)) = seq.next_element()? {
                    ports.push(port);
                }
                Ok(Ports::Given(ports))
            }
        }

        deserializer.deserialize_any(PortsVisitor)
    }
}

/// One port of a list.
struct Port(u16);

impl<'de> Deserialize<'de> for Port {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PortVisitor;

        impl Visitor<'_> for PortVisitor {
            type Value = Port;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number from 1 to 65535")
            }

            fn visit_i64<E: Error>(self, port: i64) -> Result<Port, E> {
                match u16::try_from(port) {
                    Ok(port @ 1..) => Ok(Port(port)),
                    _ => Err(E::custom(format!(
                        "{port} is not a port: say a number from 1 to 65535"
                    ))),
                }
            }
        }

        deserializer.deserialize_i64(PortVisitor)
    }
}

/// The address of `port` on `host`.
pub(crate) fn address(host: &str, port: u16) -> String {
    match host.contains(':') && !host.starts_with('[') {
        true => format!("[{host}]:{port}"),
        false => format!("{host}:{port}"),
    }
}

/// The first of `ports` that cannot be listened on just now, and why.
pub(crate) fn first_taken(host: &str, ports: &[u16]) -> Option<(u16, std::io::Error)> {
    ports
        .iter()
        .find_map(|&port| TcpListener::bind(address(host, port)).err().map(|error| (port, error)))
}

/// `count` ports that are free just now; fewer if there are not so many.
///
/// Each search goes on where the last one of this process ended: runs that start
/// side by side are not given each other's ports before they listen on them.
#[must_use]
pub fn free(host: &str, count: usize) -> Vec<u16> {
    static NEXT: LazyLock<AtomicU32> =
        LazyLock::new(|| AtomicU32::new(entropy().unwrap_or_default()));
    let span = u32::from(FREE_PORTS.end - FREE_PORTS.start);
    let next = || FREE_PORTS.start + (NEXT.fetch_add(1, Ordering::Relaxed) % span) as u16;
    (0..span.min(TRIES_MAX))
        .map(|_| next())
        .filter(|&port| first_taken(host, &[port]).is_none())
        .take(count)
        .collect()
}
