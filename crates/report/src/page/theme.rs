//! The colours of the page for files that have no style sheet beside them.

use super::tint::TINTS;

/// Colours of one of the two themes.
pub(crate) struct Theme {
    pub(crate) paper: &'static str,
    pub(crate) ink: &'static str,
    pub(crate) soft: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) concurrent: &'static str,
    /// Those of the machines.
    pub(crate) tints: [&'static str; TINTS],
}

pub(crate) const LIGHT: Theme = Theme {
    paper: "#fcfbf8",
    ink: "#1b1a17",
    soft: "#65615a",
    rule: "#e9e6df",
    concurrent: "#a19c92",
    tints: ["#0b4191", "#c8430a", "#0f7a5c", "#a73386", "#5f3e05", "#07637d", "#6a45c8", "#49525c"],
};

pub(crate) const DARK: Theme = Theme {
    paper: "#15171a",
    ink: "#e9e6df",
    soft: "#a09c94",
    rule: "#282b30",
    concurrent: "#6d7076",
    tints: ["#58a1f3", "#f68b5a", "#48e8b3", "#f089d2", "#e3c04a", "#50d1e9", "#c6aafb", "#bac0ca"],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_style_sheet() {
        let check = |name: &str, light: &str, dark: &str| {
            let line = format!("--{name}: light-dark({light}, {dark});");
            assert!(crate::page::SHARED_STYLE.contains(&line), "{line}");
        };
        check("paper", LIGHT.paper, DARK.paper);
        check("ink", LIGHT.ink, DARK.ink);
        check("soft", LIGHT.soft, DARK.soft);
        check("rule", LIGHT.rule, DARK.rule);
        check("concurrent", LIGHT.concurrent, DARK.concurrent);
        for (number, (light, dark)) in (1..).zip(LIGHT.tints.iter().zip(DARK.tints)) {
            check(&format!("m{number}"), light, dark);
        }
    }
}
