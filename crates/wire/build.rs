//! Compiles proto/clock.proto with protox, so that no protoc is needed.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = "../../proto";
    println!("cargo::rerun-if-changed={folder}/clock.proto");
    let descriptors = protox::compile(["clock.proto"], [folder])?;
    prost_build::Config::new().compile_fds(descriptors)?;
    Ok(())
}
