//! A text from the first letter to its use: findings, a proposal, another person's approval.

use events::{Event, ProposalId, ScriptTextEvent};
use liniya::io::text_store::digest;
use liniya::script_texts::TextWish;
use liniya::switchboard::DeskAction;
use serde_json::{Value, json};

use crate::client::{cookie_of, get, post};
use crate::house::House;

const DOOR: &str = "/api/v1/script-texts";
const FILE: &str = "operator/appointment.toml";

/// The file as the page gets it.
async fn opened(house: &House, cookie: &str) -> (String, String) {
    let view = get(&house.app, &format!("{DOOR}?file={FILE}"), cookie)
        .await
        .json();
    let file = &view["files"][0];
    let read = |key: &str| file[key].as_str().unwrap().to_owned();
    (read("text"), read("digest"))
}

fn draft(text: &str, base: &str) -> String {
    json!({"file": FILE, "text": text, "base": base, "note": "короче"}).to_string()
}

fn proposed(author: &str, base: &str, text: &str) -> Event {
    Event::ScriptText(ScriptTextEvent::Proposed {
        proposal: ProposalId(1),
        file: FILE.into(),
        base: Some(base.to_owned()),
        digest: digest(text),
        author: author.into(),
        note: "короче".into(),
    })
}

/// Anna proposed a shorter farewell.
async fn with_a_proposal() -> (House, String, String) {
    let mut house = House::new(Ok(()));
    let talk = cookie_of(&house.app, "talk").await;
    let (text, base) = opened(&house, &talk).await;
    let shorter = text.replace("Ждём вас! ", "");
    assert_ne!(text, shorter);
    let reply = post(
        &house.app,
        &format!("{DOOR}/proposals"),
        &talk,
        &draft(&shorter, &base),
    )
    .await;
    assert_eq!(reply.status.as_u16(), 204, "{}", reply.text);
    house.fact(proposed("talk", &base, &shorter));
    (house, text, shorter)
}

#[tokio::test]
async fn mistakes_are_told_by_line_while_one_types() {
    let house = House::new(Ok(()));
    let cookie = cookie_of(&house.app, "talk").await;
    let (text, base) = opened(&house, &cookie).await;
    let bad = text.replace("{full_name}, ", "");
    let body = json!({"file": FILE, "text": bad}).to_string();
    let found = post(&house.app, &format!("{DOOR}/lint"), &cookie, &body)
        .await
        .json();
    assert_eq!(found[0]["line"], 13);
    assert_eq!(found[0]["is_error"], true);
    assert!(found[0]["text"].as_str().unwrap().contains("{full_name}"));
    let reply = post(
        &house.app,
        &format!("{DOOR}/proposals"),
        &cookie,
        &draft(&bad, &base),
    )
    .await;
    assert_eq!(reply.status.as_u16(), 409, "{}", reply.text);
    assert_eq!(reply.json()["findings"][0]["line"], 13);
    let body = json!({"file": "assistant/consultation.toml", "text": ""}).to_string();
    let reply = post(&house.app, &format!("{DOOR}/lint"), &cookie, &body).await;
    assert_eq!(reply.status.as_u16(), 422);
}

#[tokio::test]
async fn a_text_as_long_as_a_script_is_taken_and_a_book_is_not() {
    let house = House::new(Ok(()));
    let cookie = cookie_of(&house.app, "talk").await;
    let body = |many: usize| json!({"file": FILE, "text": "# ".repeat(many)}).to_string();
    let path = format!("{DOOR}/lint");
    assert_eq!(
        post(&house.app, &path, &cookie, &body(30_000))
            .await
            .status
            .as_u16(),
        200
    );
    assert_eq!(
        post(&house.app, &path, &cookie, &body(600_000))
            .await
            .status
            .as_u16(),
        413
    );
}

#[tokio::test]
async fn a_proposal_becomes_a_wish_with_the_digests_of_both_texts() {
    let (house, text, shorter) = with_a_proposal().await;
    let wish = TextWish::Propose {
        file: FILE.into(),
        base: Some(digest(&text)),
        digest: digest(&shorter),
        author: "talk".into(),
        note: "короче".into(),
    };
    assert_eq!(*house.wishes.lock().unwrap(), [DeskAction::Text(wish)]);
    let boss = cookie_of(&house.app, "boss").await;
    let shown = get(&house.app, &format!("{DOOR}/proposals/1"), &boss)
        .await
        .json();
    assert_eq!(shown["before"], Value::from(text));
    assert_eq!(shown["text"], Value::from(shorter));
    assert_eq!(shown["proposal"]["may_approve"], true);
    assert_eq!(shown["is_stale"], false);
}

#[tokio::test]
async fn another_person_with_the_right_approves_and_it_is_used_at_once() {
    let (house, _, shorter) = with_a_proposal().await;
    let path = format!("{DOOR}/proposals/1/approve");
    for (login, status) in [("talk", 403), ("wrap", 403)] {
        let cookie = cookie_of(&house.app, login).await;
        let reply = post(&house.app, &path, &cookie, "{}").await;
        assert_eq!(reply.status.as_u16(), status, "{login}: {}", reply.text);
    }
    let boss = cookie_of(&house.app, "boss").await;
    let reply = post(&house.app, &path, &boss, "{}").await;
    assert_eq!(reply.status.as_u16(), 204, "{}", reply.text);
    assert_eq!(opened(&house, &boss).await.0, shorter);
}

#[tokio::test]
async fn nobody_approves_their_own_text() {
    let mut house = House::new(Ok(()));
    let boss = cookie_of(&house.app, "boss").await;
    let (text, base) = opened(&house, &boss).await;
    house.fact(proposed("boss", &base, &format!("{text}\n# x\n")));
    let reply = post(
        &house.app,
        &format!("{DOOR}/proposals/1/approve"),
        &boss,
        "{}",
    )
    .await;
    assert_eq!(reply.status.as_u16(), 409);
    assert!(reply.problem().contains("другой человек"), "{}", reply.text);
}

#[tokio::test]
async fn a_file_that_changed_meanwhile_is_not_overwritten() {
    let (house, text, shorter) = with_a_proposal().await;
    let other = format!("{text}\n# другая правка\n");
    house
        .shelf
        .files
        .lock()
        .unwrap()
        .insert(FILE.into(), other.clone());
    let boss = cookie_of(&house.app, "boss").await;
    let reply = post(
        &house.app,
        &format!("{DOOR}/proposals/1/approve"),
        &boss,
        "{}",
    )
    .await;
    assert_eq!(reply.status.as_u16(), 409, "{}", reply.text);
    assert_eq!(opened(&house, &boss).await.0, other);
    let again = draft(&shorter, &digest(&text));
    let reply = post(&house.app, &format!("{DOOR}/proposals"), &boss, &again).await;
    assert!(reply.text.contains("откройте заново"), "{}", reply.text);
}

#[tokio::test]
async fn a_full_disk_says_so_and_nothing_is_proposed() {
    let house = House::new(Ok(()));
    let cookie = cookie_of(&house.app, "talk").await;
    let (text, base) = opened(&house, &cookie).await;
    *house.shelf.is_full.lock().unwrap() = true;
    let body = draft(&format!("{text}\n# x\n"), &base);
    let reply = post(&house.app, &format!("{DOOR}/proposals"), &cookie, &body).await;
    assert_eq!(reply.status.as_u16(), 503);
    assert!(reply.problem().contains("нет места"), "{}", reply.text);
    assert!(house.wishes.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_author_takes_a_proposal_back_and_others_need_the_right() {
    let (house, ..) = with_a_proposal().await;
    let path = format!("{DOOR}/proposals/1/reject");
    let why = json!({"why": "передумала"}).to_string();
    for (login, status) in [("wrap", 403), ("talk", 204), ("boss", 204)] {
        let cookie = cookie_of(&house.app, login).await;
        let reply = post(&house.app, &path, &cookie, &why).await;
        assert_eq!(reply.status.as_u16(), status, "{login}: {}", reply.text);
    }
}
