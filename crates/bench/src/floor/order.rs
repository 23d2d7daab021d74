//! Which machine ticks next: a heap, or a calendar.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

/// Ticks in the order of their time, those of one time by machine.
pub(crate) trait Order {
    fn new(machines: usize) -> Self;
    fn push(&mut self, at: u64, machine: u32);
    /// The first tick, replaced by the next one of the same machine, which `next`
    /// gives if there is one. None if there is no tick.
    fn step(&mut self, next: impl FnOnce(u32) -> Option<u64>) -> bool;
}

/// std's binary heap: the best for a few machines.
pub(crate) struct Heap(BinaryHeap<Reverse<(u64, u32)>>);

impl Order for Heap {
    fn new(machines: usize) -> Self {
        Self(BinaryHeap::with_capacity(machines))
    }

    fn push(&mut self, at: u64, machine: u32) {
        self.0.push(Reverse((at, machine)));
    }

    fn step(&mut self, next: impl FnOnce(u32) -> Option<u64>) -> bool {
        let Some(mut first) = self.0.peek_mut() else { return false };
        let Reverse((_, machine)) = *first;
        match next(machine) {
            Some(at) => *first = Reverse((at, machine)),
            None => drop(PeekMut::pop(first)),
        }
        true
    }
}

/// A calendar (Brown 1988): a day is a bucket, sorted when its turn comes. No tick
/// is more than a year ahead.
pub(crate) struct Calendar {
    days: Vec<Vec<(u64, u32)>>,
    /// Of the present day, the latest first.
    today: Vec<(u64, u32)>,
    /// Which day it is, over all years.
    day: u64,
    width: u64,
    count: usize,
}

/// Longer than a tick at the slowest rate, in nanoseconds.
const YEAR: u64 = 1 << 31;

impl Order for Calendar {
    fn new(machines: usize) -> Self {
        let days = (2 * machines).next_power_of_two();
        Self {
            days: vec![Vec::new(); days],
            today: Vec::new(),
            day: 0,
            width: YEAR / days as u64,
            count: 0,
        }
    }

    fn push(&mut self, at: u64, machine: u32) {
        self.count += 1;
        let day = at / self.width;
        if day <= self.day {
            let place = self.today.partition_point(|&other| other > (at, machine));
            self.today.insert(place, (at, machine));
        } else {
            let index = day as usize & (self.days.len() - 1);
            self.days[index].push((at, machine));
        }
    }

    fn step(&mut self, next: impl FnOnce(u32) -> Option<u64>) -> bool {
        if self.count == 0 {
            return false;
        }
        while self.today.is_empty() {
            self.day += 1;
            let index = self.day as usize & (self.days.len() - 1);
            std::mem::swap(&mut self.today, &mut self.days[index]);
            self.today.sort_unstable_by(|one, other| other.cmp(one));
        }
        if let Some((_, machine)) = self.today.pop() {
            self.count -= 1;
            if let Some(at) = next(machine) {
                self.push(at, machine);
            }
        }
        true
    }
}
