//! What toml and serde say of a config that they cannot take, in words for whoever
//! wrote it.

/// The shortest edit by which a word is still taken for another, per letter of it.
const EDITS_PER_LETTER_MAX: f64 = 0.4;

/// The longest value that is repeated in a message, in bytes.
const VALUE_BYTES_MAX: usize = 40;

/// What the words are about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wording<'a> {
    /// The key of the value, if there is one.
    pub(crate) key: Option<&'a str>,
    /// The text that is wrong.
    pub(crate) value: &'a str,
    /// Keys, each with a value to show how it is written.
    pub(crate) examples: &'a [(&'a str, &'a str)],
}

/// What is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Complained {
    pub(crate) message: String,
    pub(crate) remedy: Option<String>,
    /// Whether the trouble is something that is not there.
    pub(crate) is_absence: bool,
}

impl Complained {
    fn new(message: String, remedy: impl Into<Option<String>>) -> Self {
        Self { message, remedy: remedy.into(), is_absence: false }
    }
}

impl Wording<'_> {
    /// Of a file that is no TOML.
    pub(crate) fn of_syntax(self, message: &str) -> Complained {
        if message == "duplicate key" {
            return Complained::new(
                format!("the key `{}` is there twice", self.value),
                "keep one of them".to_owned(),
            );
        }
        let (key, value) = self.examples.first().copied().unwrap_or(("key", "value"));
        Complained::new(format!("not TOML: {message}"), format!("write lines as {key} = {value}"))
    }

    /// Of a file that is TOML, but not what it should be.
    pub(crate) fn of_content(self, message: &str) -> Complained {
        let words: Vec<_> = message.split('`').skip(1).step_by(2).collect();
        match (message.split(' ').next(), &words[..]) {
            (Some("unknown"), [word, known @ ..]) if message.starts_with("unknown field") => {
                Complained::new(format!("unknown key `{word}`"), meant(word, known))
            }
            (Some("unknown"), [word, known @ ..]) => {
                let known: Vec<_> = known.iter().map(|word| format!("\"{word}\"")).collect();
                let remedy = format!("say {}", known.join(" or "));
                Complained::new(format!("{} cannot be \"{word}\"", self.key()), remedy)
            }
            (Some("missing"), [key]) => Complained {
                message: format!("the key `{key}` is missing"),
                remedy: Some(format!("add {}", self.example_of(key))),
                is_absence: true,
            },
            (Some("invalid" | "wanted"), _) => self.of_kind(message),
            _ => {
                let (message, remedy) = split_remedy(message);
                Complained::new(message.to_owned(), remedy.map(str::to_owned))
            }
        }
    }

    /// Of a value of the wrong kind: `invalid type: integer `5`, expected a string`.
    fn of_kind(self, message: &str) -> Complained {
        let expected = match message.rsplit_once(", expected ") {
            Some((_, expected)) => expected,
            None => message.trim_start_matches("wanted "),
        };
        let value = match self.value.len() <= VALUE_BYTES_MAX && !self.value.contains('\n') {
            true => self.value,
            false => "that",
        };
        let key = self.key.unwrap_or_default();
        let example = match self.examples.iter().any(|(known, _)| *known == key) {
            true => format!(", as {}", self.example_of(key)),
            false => String::new(),
        };
        let remedy = format!("say {}{example}", kind(expected));
        Complained::new(format!("{} cannot be {value}", self.key()), remedy)
    }

    fn key(self) -> String {
        self.key.map_or_else(|| "this".to_owned(), |key| format!("`{key}`"))
    }

    fn example_of(self, key: &str) -> String {
        match self.examples.iter().find(|(known, _)| *known == key) {
            Some((_, value)) => format!("{key} = {value}"),
            None => format!("it: {key} = …"),
        }
    }
}

/// What serde expects, for people.
fn kind(expected: &str) -> String {
    match expected {
        "u16" | "u32" => "a whole number".to_owned(),
        "u64" => format!("a whole number, at most {}", u64::MAX),
        "a boolean" => "true or false".to_owned(),
        "a string" | "string or table" => "a word in quotes".to_owned(),
        "path string" | "a path string" => "a path in quotes".to_owned(),
        "a sequence" => "a list".to_owned(),
        _ if expected.starts_with("struct ") => "a table".to_owned(),
        _ => expected.to_owned(),
    }
}

/// Which of the known words was meant, or all of them.
fn meant(word: &str, known: &[&str]) -> String {
    let edits = |known: &str| strsim::damerau_levenshtein(word, known);
    let nearest = known.iter().min_by_key(|known| edits(known));
    match nearest {
        Some(nearest) if edits(nearest) as f64 <= EDITS_PER_LETTER_MAX * nearest.len() as f64 => {
            format!("did you mean `{nearest}`?")
        }
        _ => format!("the keys are {}", known.join(", ")),
    }
}

/// Parts `what is wrong: say what is right`.
pub(crate) fn split_remedy(message: &str) -> (&str, Option<&str>) {
    match message.find(": say ") {
        Some(colon) => (&message[..colon], Some(&message[colon + 2..])),
        None => (message, None),
    }
}
