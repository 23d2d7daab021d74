//! The content security policy: the page's own script and style, and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// Allows exactly these two texts, by their hashes, and no request.
pub(crate) fn policy(script: &str, style: &str) -> String {
    with_own(&format!("script-src '{}'; style-src '{}'", hash(script), hash(style)))
}

/// The same for a page that has no script.
pub(crate) fn policy_without_script(style: &str) -> String {
    with_own(&format!("style-src '{}'", hash(style)))
}

fn with_own(sources: &str) -> String {
    format!("default-src 'none'; {sources}; base-uri 'none'; form-action 'none'")
}

fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}
