//! Logs that were mixed up, cut short or damaged after the machines wrote them,
//! or that a crash left unfinished. What is not there cannot be judged; what is
//! there still can.

use check::Rule::{C4, C5, L2, L3, M1, M2, M3, M7, Q2};

use crate::corruption::{Corruption, Edit, GOOD, RESTARTED};
use crate::implementation::RIGHT;
use crate::records::receive;
use crate::run::{Files, files, parse, write};

const SECOND: &str = "machine-2.jsonl";
const THIRD: &str = "machine-3.jsonl";

pub(crate) const CORRUPTIONS: &[Corruption] = &[
    Corruption {
        name: "38-logs-exchanged",
        what: "The logs of machines 2 and 3 carry each other's names.",
        from: GOOD,
        edit: Edit::Files(logs_exchanged),
        finds: &[L2, C4, C5, M1, M3, M7, Q2],
    },
    Corruption {
        name: "39-two-runs-mixed",
        what: "The log of machine 3 is from another run, with another seed.",
        from: GOOD,
        edit: Edit::Files(two_runs_mixed),
        finds: &[L2, C4, C5, M1, M3, M7, Q2],
    },
    Corruption {
        name: "40-log-cut-short",
        what: "The last ten lines of machine 2 are gone, though others had received its messages.",
        from: GOOD,
        edit: Edit::Files(log_cut_short),
        finds: &[M1, M3, L3],
    },
    Corruption {
        name: "41-log-missing",
        what: "There is no log of machine 2.",
        from: GOOD,
        edit: Edit::Files(log_missing),
        finds: &[L3],
    },
    Corruption {
        name: "42-log-empty",
        what: "The log of machine 2 is empty.",
        from: GOOD,
        edit: Edit::Files(log_empty),
        finds: &[L3],
    },
    Corruption {
        name: "43-machine-killed",
        what: "Machine 3 was killed before the end and not started again: its log has no stop.",
        from: GOOD,
        edit: Edit::Files(machine_killed),
        finds: &[L3],
    },
    Corruption {
        name: "44-last-line-torn",
        what: "Machine 3 was killed while it wrote its stop: the line lacks its end.",
        from: GOOD,
        edit: Edit::Files(last_line_torn),
        finds: &[L3],
    },
    Corruption {
        name: "45-another-format",
        what: "The log of machine 2 is of a format that this judge does not know.",
        from: GOOD,
        edit: Edit::Files(another_format),
        finds: &[L3],
    },
    Corruption {
        name: "46-line-damaged",
        what: "In the log of machine 2 the disk turned a quotation mark into something else.",
        from: GOOD,
        edit: Edit::Files(line_damaged),
        finds: &[L3],
    },
    Corruption {
        name: "47-line-damaged-and-message-repeated",
        what: "The same, and machine 1 receives a message of machine 3 twice.",
        from: GOOD,
        edit: Edit::Files(line_damaged_and_message_repeated),
        finds: &[M2, L3],
    },
];

fn logs_exchanged(files: &mut Files) {
    let second = files.remove(SECOND).unwrap();
    let third = files.insert(THIRD.to_owned(), second).unwrap();
    files.insert(SECOND.to_owned(), third);
}

fn two_runs_mixed(run: &mut Files) {
    run.extend(files(RESTARTED).remove_entry(THIRD));
}

fn log_cut_short(files: &mut Files) {
    drop_lines(files.get_mut(SECOND).unwrap(), 10);
}

fn log_missing(files: &mut Files) {
    files.remove(SECOND);
}

fn log_empty(files: &mut Files) {
    files.get_mut(SECOND).unwrap().clear();
}

fn machine_killed(files: &mut Files) {
    drop_lines(files.get_mut(THIRD).unwrap(), 1);
}

fn last_line_torn(files: &mut Files) {
    let log = files.get_mut(THIRD).unwrap();
    log.truncate(log.len() - 40);
}

fn another_format(files: &mut Files) {
    let log = files.get_mut(SECOND).unwrap();
    *log = log.replace("offbeat-log/1", "offbeat-log/2");
}

fn line_damaged(files: &mut Files) {
    let log = files.get_mut(SECOND).unwrap();
    *log = log.replace("\"tick\":12,", "\"tick#:12,");
}

fn line_damaged_and_message_repeated(files: &mut Files) {
    let mut logs = parse(files);
    let again = receive(&mut logs[1], 9).seq;
    receive(&mut logs[1], 10).seq = again;
    RIGHT.retell(&mut logs);
    write(&logs, files);
    line_damaged(files);
}

fn drop_lines(log: &mut String, count: usize) {
    let lines: Vec<&str> = log.split_inclusive('\n').collect();
    *log = lines[..lines.len() - count].concat();
}
