//! The command `offbeat`: starts nodes with per-node config files, watches them,
//! gathers their logs, judges and reports.
//!
//! It decides nothing about clocks, rules or figures: it starts what `node` is,
//! and prints what `check` and `report` find.

mod archive;
mod campaign;
mod campaign_report;
mod campaign_totals;
mod certificates;
mod certs_command;
mod check_command;
mod cli;
mod complaint;
mod conclusion;
mod experiment;
mod explain_command;
mod export_command;
mod faults;
mod fleet;
mod heading;
mod hint;
mod live;
mod live_run;
mod live_tally;
mod log_command;
mod manual;
mod page_command;
mod papers_folder;
mod plan;
mod png;
mod ports;
mod prepare_command;
mod proxy;
mod quiz_command;
mod rates;
mod renewal;
mod replay_command;
mod replays;
mod replays_text;
mod report_command;
mod results;
mod run_command;
mod run_folder;
mod run_manifest;
mod run_trace;
mod seeds;
mod settings;
mod settings_check;
mod side_by_side;
mod simulate_command;
mod stopping;
mod study_board;
mod study_command;
mod study_file;
mod study_folder;
mod study_live;
mod study_outline;
mod study_run;
mod study_text;
mod tail;
mod tally_text;
mod terminal;
mod view;
mod virtual_plan;
mod watch;
mod words;

pub use cli::{Cli, main};
pub use complaint::Complaint;
pub use conclusion::{Place, conclusion};
pub use heading::heading;
pub use hint::Program;
pub use live::Frame;
pub use ports::free as free_ports;
pub use proxy::{Break, Pair, Proxy, Relayed};
