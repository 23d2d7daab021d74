//! How values become bytes, and bytes values.

use std::collections::VecDeque;

/// Parts of a value on their way into bytes, or out of them again.
///
/// A type says once what it consists of, by handing part after part to a pass and taking
/// what that gives back. One kind of pass writes each part down and gives it back, the
/// other one gives what was written. So there are no two descriptions that might differ.
pub trait Pass {
    /// Whether it gives what was written: else nothing of the value changes.
    const UNPACKS: bool;

    /// Whole numbers: a byte each if all are small, and otherwise more.
    fn numbers<const N: usize>(&mut self, numbers: [u64; N]) -> [u64; N];

    /// Bytes as they are.
    fn bytes<const N: usize>(&mut self, bytes: [u8; N]) -> [u8; N];

    /// A whole number that is hardly ever small: 8 bytes.
    #[inline]
    fn large_number(&mut self, number: u64) -> u64 {
        u64::from_le_bytes(self.bytes(number.to_le_bytes()))
    }

    /// A number of one among many: 4 bytes.
    #[inline]
    fn id(&mut self, id: u32) -> u32 {
        u32::from_le_bytes(self.bytes(id.to_le_bytes()))
    }

    /// A number with a fraction, to the bit.
    #[inline]
    fn real(&mut self, real: f64) -> f64 {
        f64::from_bits(self.large_number(real.to_bits()))
    }

    /// Something, if it is there: `some` gives what is passed of it, and is given nothing
    /// where something is yet to be made of what was written.
    #[inline]
    fn option<T: Copy>(
        &mut self,
        option: Option<T>,
        some: impl FnOnce(&mut Self, Option<T>) -> T,
    ) -> Option<T> {
        let [is_some] = self.numbers([option.is_some().into()]);
        (is_some != 0).then(|| some(self, option))
    }

    /// A queue that was or is to be of this length, and each of whose items begins as `blank`
    /// when it is read.
    #[inline]
    fn queue<T: Clone>(
        &mut self,
        queue: &mut VecDeque<T>,
        length: u64,
        blank: T,
        mut each: impl FnMut(&mut Self, &mut T),
    ) {
        let length = length as usize;
        if Self::UNPACKS {
            queue.reserve_exact(length.saturating_sub(queue.len()));
            queue.resize(length, blank);
        }
        for item in queue {
            each(self, item);
        }
    }
}

/// Numbers below are small, and this stands before others: then each one has a byte that
/// says how many bytes it takes, and those.
const NOT_SMALL: u8 = u8::MAX;

/// Into bytes.
#[derive(Debug)]
pub(crate) struct Packing<'a>(pub(crate) &'a mut Vec<u8>);

impl Pass for Packing<'_> {
    const UNPACKS: bool = false;

    #[inline]
    fn numbers<const N: usize>(&mut self, numbers: [u64; N]) -> [u64; N] {
        const { assert!(N > 0, "nothing would be taken for what comes next") };
        match numbers.iter().all(|&number| number < NOT_SMALL.into()) {
            true => self.0.extend_from_slice(&numbers.map(|number| number as u8)),
            false => self.large(&numbers),
        }
        numbers
    }

    #[inline]
    fn bytes<const N: usize>(&mut self, bytes: [u8; N]) -> [u8; N] {
        self.0.extend_from_slice(&bytes);
        bytes
    }
}

impl Packing<'_> {
    #[inline(never)]
    fn large(&mut self, numbers: &[u64]) {
        self.0.push(NOT_SMALL);
        for number in numbers {
            let size = (u64::BITS - number.leading_zeros()).div_ceil(u8::BITS);
            self.0.push(size as u8);
            self.0.extend_from_slice(&number.to_le_bytes()[..size as usize]);
        }
    }
}

/// Out of the bytes that a [`Packing`] of the same type wrote.
#[derive(Debug)]
pub(crate) struct Unpacking<'a>(pub(crate) &'a [u8]);

impl Pass for Unpacking<'_> {
    const UNPACKS: bool = true;

    #[inline]
    fn numbers<const N: usize>(&mut self, _: [u64; N]) -> [u64; N] {
        match self.0.first() {
            Some(&NOT_SMALL) => self.large(),
            _ => self.take().map(u64::from),
        }
    }

    #[inline]
    fn bytes<const N: usize>(&mut self, _: [u8; N]) -> [u8; N] {
        self.take()
    }
}

impl Unpacking<'_> {
    #[inline]
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (&bytes, left) = self.0.split_first_chunk().expect("what was packed is unpacked");
        self.0 = left;
        bytes
    }

    #[inline(never)]
    fn large<const N: usize>(&mut self) -> [u64; N] {
        let [_] = self.take();
        std::array::from_fn(|_| {
            let [size] = self.take();
            let (bytes, left) = self.0.split_at(size.into());
            self.0 = left;
            bytes.iter().rfold(0, |number, &byte| number << u8::BITS | u64::from(byte))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::{Packing, Pass, Unpacking};

    /// One part of each kind.
    #[derive(Clone, Debug, Default, PartialEq)]
    struct Parts {
        numbers: [u64; 3],
        large: u64,
        id: u32,
        bits: u64,
        option: Option<u64>,
        queue: VecDeque<u64>,
        bytes: [u8; 3],
    }

    impl Parts {
        fn pass(&mut self, through: &mut impl Pass) {
            self.numbers = through.numbers(self.numbers);
            self.large = through.large_number(self.large);
            self.id = through.id(self.id);
            self.bits = through.real(f64::from_bits(self.bits)).to_bits();
            self.option = through.option(self.option, |through, some| {
                through.large_number(some.unwrap_or_default())
            });
            let [length] = through.numbers([self.queue.len() as u64]);
            through.queue(&mut self.queue, length, 7, |through, item| {
                [*item] = through.numbers([*item]);
            });
            self.bytes = through.bytes(self.bytes);
        }
    }

    prop_compose! {
        fn parts()(
            numbers in any::<[u64; 3]>(),
            shift in 0..64,
            (large, id) in any::<(u64, u32)>(),
            bits in any::<u64>(),
            option in any::<Option<u64>>(),
            queue in prop::collection::vec_deque(any::<u64>(), 0..5),
            bytes in any::<[u8; 3]>(),
        ) -> Parts {
            Parts { numbers: numbers.map(|it| it >> shift), large, id, bits, option, queue, bytes }
        }
    }

    proptest! {
        /// Whatever was there before, and with nothing left over.
        #[test]
        fn what_was_packed_comes_out_again(parts in parts(), mut other in parts()) {
            let mut bytes = Vec::new();
            let mut packed = parts.clone();
            packed.pass(&mut Packing(&mut bytes));
            prop_assert_eq!(&packed, &parts);
            let mut unpacking = Unpacking(&bytes);
            other.pass(&mut unpacking);
            prop_assert_eq!(&other, &parts);
            prop_assert!(unpacking.0.is_empty());
        }
    }

    #[test]
    fn small_numbers_take_a_byte_each() {
        let length = |numbers: [u64; 2]| {
            let mut bytes = Vec::new();
            Packing(&mut bytes).numbers(numbers);
            bytes.len()
        };
        assert_eq!([[0, 254], [0, 255], [255, 256], [1, u64::MAX]].map(length), [2, 4, 6, 12]);
    }
}
