//! A log: whatever its bytes are, it gives back a machine or is refused, and a
//! machine that it gives back can begin another incarnation.

use std::io::Cursor;
use std::path::Path;

use journal::{Reader, recover_from};

/// All of the bytes are the log.
pub(crate) fn exercise(bytes: &[u8]) {
    let reader = Reader::new(Cursor::new(bytes), Path::new("log"));
    if let Ok(Some(recovered)) = recover_from(reader) {
        assert!(recovered.length as usize <= bytes.len());
        assert!(recovered.records > 0 && recovered.incarnations > 0);
        let start = recovered.first_start.clone().resumed(&recovered);
        assert_eq!(start.clock, recovered.endpoint.machine().clock());
    }
}
