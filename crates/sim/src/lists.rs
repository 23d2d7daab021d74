//! Many short lists.

/// No block.
const NONE: u32 = u32::MAX;

/// Items in a block: with the number of them and the block after it, 32 bytes.
const ITEMS: usize = 6;

/// A fixed number of lists of small numbers, in no order.
///
/// Items lie in blocks of a few, all of one size, which whatever list needs one next uses
/// again. So no list has room for more than a few items that it does not have.
#[derive(Debug)]
pub(crate) struct Lists {
    /// The first block of each list, the only one that may not be full.
    first: Vec<u32>,
    blocks: Vec<Block>,
    /// The first of the blocks that no list has.
    spare: u32,
    length: usize,
}

#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct Block {
    items: [u32; ITEMS],
    length: u32,
    next: u32,
}

impl Lists {
    /// So many empty lists.
    pub(crate) fn new(count: usize) -> Self {
        Self { first: vec![NONE; count], blocks: Vec::new(), spare: NONE, length: 0 }
    }

    /// How many lists there are.
    #[inline]
    pub(crate) fn count(&self) -> usize {
        self.first.len()
    }

    /// How many items all lists have.
    #[inline]
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    /// Adds an item to a list.
    #[inline]
    pub(crate) fn push(&mut self, list: usize, item: u32) {
        self.length += 1;
        let first = self.first[list];
        match self.blocks.get_mut(first as usize) {
            Some(Block { items, length, .. }) if (*length as usize) < ITEMS => {
                items[*length as usize] = item;
                *length += 1;
            }
            _ => {
                let mut items = [0; ITEMS];
                items[0] = item;
                self.first[list] = self.add(Block { items, length: 1, next: first });
            }
        }
    }

    fn add(&mut self, block: Block) -> u32 {
        let place = self.spare;
        match self.blocks.get_mut(place as usize) {
            Some(spare) => {
                self.spare = spare.next;
                *spare = block;
                place
            }
            None => {
                self.blocks.push(block);
                self.blocks.len() as u32 - 1
            }
        }
    }

    /// Takes those items off a list that do not stay.
    pub(crate) fn retain(&mut self, list: usize, mut stays: impl FnMut(u32) -> bool) {
        let mut next = std::mem::replace(&mut self.first[list], NONE);
        while let Some(&block) = self.blocks.get(next as usize) {
            self.blocks[next as usize].next = self.spare;
            self.spare = next;
            self.length -= block.length as usize;
            for &item in &block.items[..block.length as usize] {
                if stays(item) {
                    self.push(list, item);
                }
            }
            next = block.next;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Lists;

    proptest! {
        #[test]
        fn each_list_has_what_was_pushed_and_stayed(
            acts in prop::collection::vec((0..3_usize, 0..100_u32, 0..10_u8), 1..300),
        ) {
            let mut lists = Lists::new(3);
            let mut expected = [const { Vec::new() }; 3];
            let mut blocks_max = 0;
            for (list, item, act) in acts {
                if act > 0 {
                    lists.push(list, item);
                    expected[list].push(item);
                } else {
                    let mut seen = Vec::new();
                    lists.retain(list, |it| {
                        seen.push(it);
                        it >= item
                    });
                    seen.sort_unstable();
                    expected[list].sort_unstable();
                    prop_assert_eq!(&seen, &expected[list]);
                    expected[list].retain(|&it| it >= item);
                }
                prop_assert_eq!(lists.length(), expected.iter().map(Vec::len).sum::<usize>());
                // As many blocks as ever were needed at a time.
                let blocks: usize = expected.iter().map(|it| it.len().div_ceil(super::ITEMS)).sum();
                blocks_max = blocks_max.max(blocks);
                prop_assert!(lists.blocks.len() <= blocks_max + 1);
            }
        }
    }
}
