//! Every item at a tiny size: it works, and comes to the same as its floor. How
//! fast that was says nothing here.

use bench::{ITEMS, Scale, table};

#[test]
fn every_item_comes_to_the_same_as_its_floor() {
    let mut items = Vec::new();
    for (name, measure) in ITEMS {
        match measure(Scale::Tiny) {
            Ok(item) => items.push(item),
            Err(failure) if is_absent(&failure.to_string()) => {
                eprintln!("SKIPPED {name}: {failure}");
            }
            Err(failure) => panic!("{name}: {failure}"),
        }
    }
    let table = table(&items);
    for item in &items {
        let least = if item.unit == "slots" { 0.0 } else { f64::MIN_POSITIVE };
        assert!(item.ours() >= least, "{item:?}");
        assert!(table.contains(item.name), "{table}");
    }
}

/// Whether it is the command that is missing, which only a build of the workspace
/// makes.
fn is_absent(failure: &str) -> bool {
    failure.starts_with("there is no offbeat")
}
