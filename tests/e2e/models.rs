//! The model of recognition on a running house: broken, and another chosen in its place.

use std::path::Path;

use serde_json::json;
use tests::{Server, root};

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn a_broken_model_leaves_keys_and_another_is_heard_with_after_a_reload() {
    let built_in = root().join("ivr/model/ru-mini");
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken");
    copy(&built_in, &broken);
    let network = broken.join("am/final.mdl");
    let bytes = std::fs::read(&network).unwrap();
    std::fs::write(&network, &bytes[..bytes.len() / 2]).unwrap();

    let server = Server::with(&[("LINIYA_SPEECH_MODEL", broken.to_str().unwrap())]);
    let state = |state: &str| {
        let series = format!("liniya_recogniser_state{{state=\"{state}\"}}");
        server.metric(&series) > 0.0
    };
    assert!(state("keys_only") && server.metric("liniya_recogniser_unavailable") > 0.0);
    let listed = server.output(&["models", "list"]);
    let line = listed.lines().find(|line| line.starts_with("* ")).unwrap();
    assert!(line.contains("повреждена"), "{listed}");
    assert!(listed.contains("vosk-model-small-ru-0.22"), "{listed}");
    let verified = server.command(&["models", "verify"]).output().unwrap();
    assert!(!verified.status.success());
    let told = String::from_utf8_lossy(&verified.stdout);
    assert!(told.contains("am/final.mdl: содержимое другое"), "{told}");

    let refused = server
        .command(&["models", "use", broken.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(!refused.status.success());
    let chosen = server.output(&["models", "use", built_in.to_str().unwrap()]);
    assert!(chosen.contains("перезагрузите сценарии"), "{chosen}");
    assert!(state("keys_only"), "chosen, and not yet heard with");
    let desk = server.desk("operator1");
    desk.send("POST", "/api/v1/scripts/reload", &json!({}));
    assert!(state("ready"));
    assert!(server.metric("liniya_recogniser_unavailable") < 1.0);
}
