//! A hint to the processor.

/// Asks for the line of the cache in which a value begins, 64 bytes, and does not wait until
/// it has come from memory.
///
/// Rust has no such hint yet for all processors. On others than `x86_64` nothing is asked.
#[inline(always)]
pub fn prefetch<T>(value: &T) {
    #[cfg(target_arch = "x86_64")]
    safe_arch::prefetch_t0(value);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = value;
}
