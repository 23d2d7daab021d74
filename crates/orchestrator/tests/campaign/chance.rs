//! Chance that can be had again: splitmix64 (Steele, Lea and Flood 2014).

use machine::draw::entropy_seed;

/// A source of chance.
pub(crate) struct Chance(u64);

impl Chance {
    /// From the seed that the environment gives, or else from entropy; what the seed
    /// was is said.
    pub(crate) fn new(what: &str) -> Self {
        let given = std::env::var("OFFBEAT_CAMPAIGN_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| entropy_seed().unwrap());
        eprintln!("{what}: OFFBEAT_CAMPAIGN_SEED={seed}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Uniform in `from..=to`.
    pub(crate) fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.next() % (to - from + 1)
    }

    /// As likely between 10 and 100 as between 100 and 1000.
    pub(crate) fn log_between(&mut self, from: f64, to: f64) -> u64 {
        let share = self.next() as f64 / u64::MAX as f64;
        (from * (to / from).powf(share)) as u64
    }

    /// One of these.
    pub(crate) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.between(0, choices.len() as u64 - 1) as usize]
    }

    /// Another source, for another thread.
    pub(crate) fn fork(&mut self) -> Self {
        Self(self.next())
    }
}
