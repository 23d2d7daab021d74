//! Logs of machines that still run.

use std::cell::RefCell;
use std::rc::Rc;

use check::{Judge, Outcome, Source};
use journal::{Line, ReadError, Record};

use crate::simulator::Run;

/// A log that is seen to end early the first few times.
struct Growing {
    records: Vec<Record>,
    next: usize,
    /// Shared among the logs: how much of each has been written.
    written: Rc<RefCell<Vec<usize>>>,
    machine: usize,
}

impl Source for Growing {
    fn next_line(&mut self) -> Option<Result<Line, ReadError>> {
        let all = self.records.len() - 1;
        if self.next >= self.written.borrow()[self.machine].min(all) {
            // Whoever looks again finds more.
            let mut written = self.written.borrow_mut();
            written[self.machine] = (written[self.machine] + 7).min(all);
            return None;
        }
        self.next += 1;
        Some(Ok(Line { number: self.next as u64, record: self.records[self.next - 1].clone() }))
    }

    fn torn(&self) -> bool {
        false
    }
}

#[test]
fn a_send_that_is_written_while_the_judge_reads_is_found() {
    let logs = Run::default().simulate();
    let written = Rc::new(RefCell::new(vec![1000, 10, 10]));
    let mut judge = Judge::new("run", None);
    for (machine, records) in logs.into_iter().enumerate() {
        judge.add(
            machine as u32 + 1,
            Ok(Growing { records, next: 0, written: Rc::clone(&written), machine }),
        );
    }
    let verdict = judge.verdict();
    assert_eq!(verdict.outcome, Outcome::CannotTell, "{verdict}");
    assert!(verdict.tallies.received > 100);
    assert!(written.borrow()[1] > 100 && written.borrow()[2] > 100);
}
