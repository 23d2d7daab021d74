//! What a seed fixes, broken.

use crate::mutant::Mutant;

const DRAW: &str = "machine/src/draw.rs";

pub(crate) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "draws restart",
        file: DRAW,
        text: "stream.set_word_pos(WORDS * BLOCK as u128 * u128::from(number));",
        becomes: "",
        caught_by: "S2",
        why: "a machine would repeat its first ticks for ever",
    },
    Mutant {
        name: "draws sought at half their place",
        file: DRAW,
        text: "const WORDS: u128 = 2;",
        becomes: "const WORDS: u128 = 1;",
        caught_by: "S2",
        why: "a draw is two words of the stream",
    },
    Mutant {
        name: "all machines draw the same",
        file: DRAW,
        text: "stream(self.seed, self.machine.get().into())",
        becomes: "stream(self.seed, self.machine.get().min(1).into())",
        caught_by: "S2",
        why: "machines would send in step",
    },
    Mutant {
        name: "draws count from 0",
        file: DRAW,
        text: "1 + less_one",
        becomes: "less_one",
        caught_by: "S2",
        why: "draws are from 1 to draw_max",
    },
    Mutant {
        name: "the remainder of a draw",
        file: DRAW,
        text: "scale(u64::from_le_bytes(word), self.draw_max)",
        becomes: "u64::from_le_bytes(word) % self.draw_max",
        caught_by: "S2",
        why: "as uniform, but not what the seed has always meant",
    },
    Mutant {
        name: "the phase's word is the rate's",
        file: DRAW,
        text: "of_stream_0(seed, machine, 1)",
        becomes: "of_stream_0(seed, machine, 0)",
        caught_by: "S2",
        why: "fast machines would all start late in their period",
    },
    Mutant {
        name: "the rate's word is the phase's",
        file: DRAW,
        text: "of_stream_0(seed, machine, 0)",
        becomes: "of_stream_0(seed, machine, 1)",
        caught_by: "rates",
        why: "a seed would give other rates than it always has",
    },
];
