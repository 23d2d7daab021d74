//! A mutant: one text of the production code and what it becomes.

/// A change to one file that breaks it, and what must notice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mutant {
    /// What is broken, in a few words.
    pub(crate) name: &'static str,
    /// The file, below `crates/`.
    pub(crate) file: &'static str,
    /// What is replaced; it must occur there exactly once.
    pub(crate) text: &'static str,
    /// What it becomes.
    pub(crate) becomes: &'static str,
    /// A rule of the judge, a check of the detector, or the panic of an assertion
    /// with a part of its message.
    pub(crate) caught_by: &'static str,
    /// Why it matters.
    pub(crate) why: &'static str,
}

impl Mutant {
    /// `source`, the content of its file, with the change.
    ///
    /// # Errors
    /// If the text is not there exactly once: the code has moved on and the table
    /// has not.
    pub(crate) fn apply(&self, source: &str) -> Result<String, String> {
        match source.matches(self.text).count() {
            1 => Ok(source.replacen(self.text, self.becomes, 1)),
            count => Err(format!(
                "mutant \"{}\": its text occurs {count} times in crates/{}, not once. \
                 Fit it in crates/sim/tests/mutants/table to the code as it is now:\n{}",
                self.name, self.file, self.text
            )),
        }
    }

    /// Whether the first line of a detector's report says what it should.
    pub(crate) fn is_caught_as_expected(&self, found: &str) -> bool {
        let found = found.strip_prefix("caught ");
        match self.caught_by.strip_prefix("panic: ") {
            Some(message) => {
                found.is_some_and(|found| found.starts_with("panic: ") && found.contains(message))
            }
            None => found == Some(self.caught_by),
        }
    }
}
