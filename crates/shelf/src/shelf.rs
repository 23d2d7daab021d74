//! Where the values are.

use std::cell::{OnceCell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::ops::{Index, IndexMut};

use smallvec::SmallVec;

use crate::hint::prefetch;
use crate::pass::{Packing, Pass, Unpacking};

/// So many of the values that were looked at last are not packed yet: who is used is used
/// again soon.
const IN_USE: usize = 16;

/// A value that took so many bytes has queues with much room, and is not made into another.
const SPARE_MAX: usize = 4096;

/// What can lie packed.
pub trait Rest {
    /// What all values have in common.
    type Common: fmt::Debug;

    /// What its packed bytes are aligned as: [`WholeLine`] or [`HalfLine`], so that they lie in
    /// as few lines of the processor's cache as they can.
    type Alignment: fmt::Debug;

    /// A value of which nothing is known but its index.
    fn blank(common: &Self::Common, index: usize) -> Self;

    /// Takes the index of another value, of which it has been told nothing yet.
    fn renumber(&mut self, index: usize);

    /// Whether any other value of this index becomes this one by what it
    /// [passes](Self::pass). If not it stays in use for good.
    fn can_rest(&self) -> bool {
        true
    }

    /// All by which values of one index differ.
    fn pass(&mut self, through: &mut impl Pass);

    /// [Prefetches](prefetch) what whoever uses it will look at.
    fn recall(&self);
}

/// The alignment of a line of the cache, 64 bytes.
#[derive(Debug)]
#[repr(align(64))]
pub struct WholeLine;

/// The alignment of half of it.
#[derive(Debug)]
#[repr(align(32))]
pub struct HalfLine;

/// Values, by their index.
///
/// A few are kept as they are. Of many each lies packed, in `ROOM` bytes if they are
/// enough, until it is looked at, be it by a shared reference, and again when
/// [tidied](Self::tidy) up.
#[derive(Debug)]
pub struct Shelf<T: Rest, const ROOM: usize> {
    kept: Kept<T, ROOM>,
}

#[derive(Debug)]
enum Kept<T: Rest, const ROOM: usize> {
    Open(Vec<T>),
    Packed(Packed<T, ROOM>),
}

#[derive(Debug)]
struct Packed<T: Rest, const ROOM: usize> {
    common: T::Common,
    places: Vec<Place<T, ROOM>>,
    /// Those in use that can be put away, the longest in use first.
    in_use: RefCell<VecDeque<u32>>,
    /// Values that lie packed by now, to be made into others.
    spare: RefCell<Vec<Box<T>>>,
    /// The bytes of the value that is being packed.
    scratch: Vec<u8>,
}

/// In this order: so it begins with one field and ends with the other.
#[derive(Debug)]
#[repr(C)]
struct Place<T: Rest, const ROOM: usize> {
    _alignment: [T::Alignment; 0],
    packed: SmallVec<[u8; ROOM]>,
    /// The value, while it is in use: then nothing is packed that counts.
    value: OnceCell<Box<T>>,
}

impl<T: Rest, const ROOM: usize> Shelf<T, ROOM> {
    /// Has room for these values, which are kept as they are if there are at most
    /// `open_max` of them.
    pub fn new(
        common: T::Common,
        values: impl ExactSizeIterator<Item = T>,
        open_max: usize,
    ) -> Self {
        let kept = match values.len() <= open_max {
            true => Kept::Open(values.collect()),
            false => Kept::Packed(Packed::new(common, values)),
        };
        Self { kept }
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.kept {
            Kept::Open(values) => values.len(),
            Kept::Packed(packed) => packed.places.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A value will soon be in use. Many values are more than a cache holds: so it comes from
    /// memory while another one is in use.
    #[inline]
    pub fn recall(&self, index: usize) {
        match &self.kept {
            Kept::Open(values) => values[index].recall(),
            Kept::Packed(packed) => packed.places[index].recall(),
        }
    }

    /// [Tidies](Self::tidy), and gives a value.
    #[inline]
    pub fn pick(&mut self, index: usize) -> &mut T {
        match &mut self.kept {
            Kept::Open(values) => &mut values[index],
            Kept::Packed(packed) => {
                packed.tidy();
                packed.get_mut(index)
            }
        }
    }

    /// Packs all values but those that were unpacked last, in use or not. To be called between
    /// two looks at values, however they look: each look may unpack one, and this is all that
    /// keeps them few.
    #[inline]
    pub fn tidy(&mut self) {
        if let Kept::Packed(packed) = &mut self.kept {
            packed.tidy();
        }
    }

    /// All values, in order.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        match self.kept {
            Kept::Open(values) => values,
            Kept::Packed(Packed { common, places, .. }) => {
                let value = |(index, place): (usize, Place<T, ROOM>)| match place.value.into_inner()
                {
                    Some(value) => *value,
                    None => {
                        let mut value = T::blank(&common, index);
                        value.pass(&mut Unpacking(&place.packed));
                        value
                    }
                };
                places.into_iter().enumerate().map(value).collect()
            }
        }
    }
}

impl<T: Rest, const ROOM: usize> Index<usize> for Shelf<T, ROOM> {
    type Output = T;

    #[inline]
    fn index(&self, index: usize) -> &T {
        match &self.kept {
            Kept::Open(values) => &values[index],
            Kept::Packed(packed) => packed.get(index),
        }
    }
}

impl<T: Rest, const ROOM: usize> IndexMut<usize> for Shelf<T, ROOM> {
    #[inline]
    fn index_mut(&mut self, index: usize) -> &mut T {
        match &mut self.kept {
            Kept::Open(values) => &mut values[index],
            Kept::Packed(packed) => packed.get_mut(index),
        }
    }
}

impl<T: Rest, const ROOM: usize> Place<T, ROOM> {
    fn recall(&self) {
        prefetch(&self.packed);
        prefetch(&self.value);
    }
}

impl<T: Rest, const ROOM: usize> Packed<T, ROOM> {
    fn new(common: T::Common, values: impl ExactSizeIterator<Item = T>) -> Self {
        assert!(u32::try_from(values.len()).is_ok(), "places are counted in 32 bits");
        let mut packed = Self {
            common,
            places: Vec::with_capacity(values.len()),
            in_use: RefCell::default(),
            spare: RefCell::default(),
            scratch: Vec::new(),
        };
        for value in values {
            let index = packed.places.len();
            packed.places.push(Place {
                _alignment: [],
                packed: SmallVec::new(),
                value: OnceCell::new(),
            });
            packed.put_away(index, Box::new(value));
        }
        packed
    }

    #[inline(never)]
    fn get(&self, index: usize) -> &T {
        let Place { packed, value, .. } = &self.places[index];
        value.get_or_init(|| {
            self.in_use.borrow_mut().push_back(index as u32);
            let mut value = match self.spare.borrow_mut().pop() {
                Some(mut spare) => {
                    spare.renumber(index);
                    spare
                }
                None => Box::new(T::blank(&self.common, index)),
            };
            value.pass(&mut Unpacking(packed));
            value
        })
    }

    fn get_mut(&mut self, index: usize) -> &mut T {
        self.get(index);
        self.places[index].value.get_mut().expect("it has just been looked at")
    }

    #[inline(never)]
    fn tidy(&mut self) {
        while let in_use = self.in_use.get_mut()
            && in_use.len() > IN_USE
            && let Some(index) = in_use.pop_front()
        {
            let index = index as usize;
            let value = self.places[index].value.take().expect("it is in use");
            self.put_away(index, value);
        }
    }

    fn put_away(&mut self, index: usize, mut value: Box<T>) {
        let Place { packed, value: in_use, .. } = &mut self.places[index];
        if value.can_rest() {
            self.scratch.clear();
            value.pass(&mut Packing(&mut self.scratch));
            packed.clear();
            packed.extend_from_slice(&self.scratch);
            packed.shrink_to_fit();
            let spare = self.spare.get_mut();
            if spare.len() < IN_USE && self.scratch.len() < SPARE_MAX {
                spare.push(value);
            }
        } else {
            *in_use = OnceCell::from(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{HalfLine, IN_USE, Kept, Rest, Shelf};
    use crate::Pass;

    /// Its index and what all have in common, beside what is its own.
    #[derive(Debug, PartialEq)]
    struct Value {
        common: u64,
        index: usize,
        own: u64,
        is_restless: bool,
    }

    impl Rest for Value {
        type Common = u64;
        type Alignment = HalfLine;

        fn blank(&common: &u64, index: usize) -> Self {
            Self { common, index, own: 0, is_restless: false }
        }

        fn renumber(&mut self, index: usize) {
            self.index = index;
        }

        fn can_rest(&self) -> bool {
            !self.is_restless
        }

        fn pass(&mut self, through: &mut impl Pass) {
            [self.own] = through.numbers([self.own]);
        }

        fn recall(&self) {}
    }

    const COMMON: u64 = 99;

    fn values(own: &[u64]) -> impl ExactSizeIterator<Item = Value> {
        let value = |(index, &own)| Value { common: COMMON, index, own, is_restless: false };
        own.iter().enumerate().map(value)
    }

    fn in_use<const ROOM: usize>(shelf: &Shelf<Value, ROOM>) -> usize {
        match &shelf.kept {
            Kept::Open(values) => values.len(),
            Kept::Packed(packed) => {
                packed.places.iter().filter(|place| place.value.get().is_some()).count()
            }
        }
    }

    proptest! {
        /// With room for all of them, and for the smaller ones.
        #[test]
        fn a_packed_shelf_is_like_an_open_one(
            own in prop::collection::vec(0..1000_u64, 1..200),
            acts in prop::collection::vec((0..200_usize, 0..1000_u64, 0..20_u8), 1..400),
        ) {
            let mut open: Vec<_> = values(&own).collect();
            let mut packed = Shelf::<_, 1>::new(COMMON, values(&own), own.len() - 1);
            prop_assert_eq!(packed.len(), own.len());
            prop_assert_eq!(in_use(&packed), 0);
            for (index, own, act) in acts {
                let index = index % open.len();
                let both = [&mut packed[index], &mut open[index]];
                match act {
                    0..8 => prop_assert_eq!(&both[0], &both[1]),
                    8..16 => both.into_iter().for_each(|it| it.own = own),
                    16 => both.into_iter().for_each(|it| it.is_restless |= own > 900),
                    _ => {
                        packed.tidy();
                        let restless = open.iter().filter(|it| it.is_restless).count();
                        prop_assert!(in_use(&packed) <= IN_USE + restless);
                    }
                }
            }
            prop_assert_eq!(packed.into_vec(), open);
        }
    }

    #[test]
    fn a_few_are_kept_as_they_are() {
        let own: Vec<u64> = (0..1000).collect();
        let mut shelf = Shelf::<_, 1>::new(COMMON, values(&own), own.len());
        shelf.tidy();
        assert_eq!(in_use(&shelf), 1000);
        assert_eq!(shelf.into_vec(), values(&own).collect::<Vec<_>>());
    }
}
