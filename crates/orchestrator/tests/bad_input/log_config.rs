//! A log and a config that do not agree.

use insta::assert_snapshot;

use crate::recorded::{self, CONFIG};

const CHANGES: [(&str, &str); 8] = [
    ("run = \"offbeat-82aeb239\"", "run = \"another\""),
    ("rate = 1\n", "rate = 2.5\n"),
    ("seed = 146", "seed = 147"),
    ("machines = 3", "machines = 2"),
    ("seed", "draw_max = 5\nseed"),
    ("seed", "topology = \"ring\"\nseed"),
    ("seed", "stamp = \"before\"\nseed"),
    ("seed", "duration = \"5m\"\nseed"),
];

#[test]
fn a_changed_config_is_refused_with_both_values() {
    let told = CHANGES.map(|(old, new)| {
        assert!(CONFIG.contains(old), "{old}");
        let place = recorded::place();
        let mut config = CONFIG.replacen(old, new, 1).replace("PORT", "3");
        if new == "machines = 2" {
            config.truncate(config.rfind("\n[[peers]]").unwrap());
        }
        place.write("n.toml", config);
        let told = place.refusal("node --config n.toml");
        told.split_once('\n').unwrap().1.to_owned()
    });
    assert_snapshot!(told.join("\n"), @r##"
    error: machine-1.jsonl: the log says run = offbeat-82aeb239, the config says run = another
    help: the log was left as it is: change the config back, or start another run with --run NAME
    [6]

    error: machine-1.jsonl: the log says rate = 1, the config says rate = 2.5
    help: the log was left as it is: change the config back, or start another run with --run NAME
    [6]

    error: machine-1.jsonl: the log says seed = 146, the config says seed = 147
    help: the log was left as it is: change the config back, or start another run with --run NAME
    [6]

    error: machine-1.jsonl: the log says machines = 3, the config says machines = 2
    help: the log was left as it is: change the config back, or start another run with --run NAME
    [6]

    error: machine-1.jsonl: the log says draw_max = 10, the config says draw_max = 5
    help: the log was left as it is: change the config back, or start another run with --run NAME
    [6]

    error: machine-1.jsonl: the log says topology = full, the config says topology = ring
    help: the log was left as it is: change the config back, or start another run with --run NAME
    [6]

    error: machine-1.jsonl: the log says stamp = after, the config says stamp = before
    help: the log was left as it is: change the config back, or start another run with --run NAME
    [6]

    error: machine-1.jsonl: the log says duration = none, the config says duration = 300s
    help: the log was left as it is: change the config back, or start another run with --run NAME
    [6]
    "##);
}

#[test]
fn a_log_of_another_machine_is_refused() {
    let place = recorded::place();
    place.write("machine-1.jsonl", recorded::log(2));
    assert_snapshot!(place.refusal("node --config n.toml"), @r##"
    $ offbeat node --config n.toml
    error: machine-1.jsonl: the log says machine = 2, the config says machine = 1
    help: the log was left as it is: change the config back, or start another run with --run NAME
    [6]
    "##);
}
