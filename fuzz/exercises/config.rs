//! The config of a node: whatever it says, it is valid or refused.

use std::path::Path;

use node::NodeConfig;

/// The bytes are the file.
pub(crate) fn exercise(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(raw) = toml::from_str::<NodeConfig>(text)
        && let Ok(config) = raw.validate(Path::new(""))
    {
        assert!(config.machines >= 2 && config.machine.get() <= config.machines);
        assert!(config.draw_max > 0);
        assert!(!config.neighbours.is_empty());
        assert!(!config.to_string().is_empty());
    }
}
