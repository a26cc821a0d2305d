use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use expect_test::expect;
use proptest::prelude::*;

use super::*;
use crate::intent::{HeldOut, Lexicon, Report, evaluate};
use crate::script::{Date, Setting, SourceFile, build};

/// The files that are shipped, and what learns from them.
fn shipped() -> &'static (Vec<SourceFile>, Arc<Classifier>) {
    static SHIPPED: OnceLock<(Vec<SourceFile>, Arc<Classifier>)> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts");
        let files = crate::io::scripts::read_sources(&dir).unwrap();
        let setting = Setting {
            organisation: "Министерство".to_owned(),
            today: Date::parse("2026-11-22").unwrap(),
        };
        let (set, findings) = build(&files, &setting);
        let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
        let set = set.unwrap_or_else(|| panic!("{}", findings.join("\n")));
        (files, set.classifier().unwrap().clone())
    })
}

fn told(line: &str) -> String {
    let understood = shipped().1.understand(line);
    let name = |verdict: &Verdict| {
        let guess = verdict.guess();
        guess.map_or_else(|| "—".to_owned(), |guess| guess.intent.to_string())
    };
    format!("{} / {}", name(&understood.service), name(&understood.task))
}

#[test]
fn held_out_phrases_pass_the_gates() {
    let (files, classifier) = shipped();
    let (phrases, findings) = HeldOut::read(files, classifier.corpus());
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    let evaluation = evaluate(classifier, &phrases);
    let failures = evaluation.failures(&classifier.corpus().gates.unwrap());
    assert!(
        failures.is_empty(),
        "{failures:#?}\n{}",
        Report(&evaluation)
    );
    // Phrases that nearly repeat an example prove little: they must stay the exception.
    assert!(
        evaluation.near().permille() < 100,
        "{:?}",
        evaluation.near()
    );
}

#[test]
fn a_line_may_have_a_service_and_a_task() {
    let mut shown = String::new();
    for line in [
        "здравствуйте, мне бы узнать насчёт лицензии на металлолом",
        "какие документы нужны на лицензию на лом",
        "Соедините с оператором!",
        "запишите меня, пожалуйста, на приём",
        "отмените мою запись на приём",
        "про технопак узнать",
        "субседия для бизнеса",
        "техно парк",
        "какая завтра погода",
        "алло",
        "",
        "🙂 ??? 12",
    ] {
        let _ = writeln!(shown, "{line} => {}", told(line));
    }
    expect![[r#"
        здравствуйте, мне бы узнать насчёт лицензии на металлолом => scrap_licence / —
        какие документы нужны на лицензию на лом => scrap_licence / documents
        Соедините с оператором! => — / operator
        запишите меня, пожалуйста, на приём => appointment / —
        отмените мою запись на приём => appointment / cancel_visit
        про технопак узнать => technopark_status / —
        субседия для бизнеса => support_measures / —
        техно парк => technopark_status / —
        какая завтра погода => — / —
        алло => — / —
         => — / —
        🙂 ??? 12 => — / —
    "#]]
    .assert_eq(&shown);
}

#[test]
fn the_same_examples_give_the_same_verdicts() {
    let (_, classifier) = shipped();
    let again = Classifier::new(small());
    let once_more = Classifier::new(small());
    assert_eq!(again, once_more);
    assert_ne!(again, **classifier);
    for line in ["лом", "лому сдать", "погода", "бумаги на лом", ""] {
        assert_eq!(again.understand(line), once_more.understand(line));
    }
}

#[test]
fn a_classifier_without_examples_knows_nothing() {
    let empty = Classifier::new(Corpus {
        intents: Vec::new(),
        examples: Vec::new(),
        lexicon: Lexicon::default(),
        gates: None,
    });
    assert_eq!(empty.classify("лом"), Verdict::OutOfScope { nearest: None });
    assert_eq!(empty.threshold_permille(Axis::Task), 300);
}

#[test]
fn what_is_seen_explains_a_verdict() {
    let (_, classifier) = shipped();
    let seen = |line| classifier.seen(line).join(" ");
    assert_eq!(seen("девушка, мне бы про технопак узнать"), "технопарк");
    assert_eq!(seen("техно парк"), "технопарк");
    assert_eq!(seen("металло лом"), seen("металлоломом"));
    assert_eq!(seen("госпошлину"), seen("пошлина"));
    assert!(classifier.knows(&IntentId::new("documents")));
    assert!(!classifier.knows(&IntentId::new("weather")));
}

fn small() -> Corpus {
    use crate::intent::{Example, Intent};
    let intent = |id: &str, axis| Intent {
        id: IntentId::new(id),
        axis,
        title: id.to_owned(),
    };
    let example = |text: &str, intents: &[&str]| Example {
        text: text.to_owned(),
        intents: intents.iter().map(|id| IntentId::new(*id)).collect(),
    };
    Corpus {
        intents: vec![
            intent("lom", Axis::Service),
            intent("park", Axis::Service),
            intent("documents", Axis::Task),
        ],
        examples: vec![
            example("сдать лом", &["lom"]),
            example("лом металлов", &["lom"]),
            example("построить парк", &["park"]),
            example("парк для заводов", &["park"]),
            example("документы", &["documents"]),
            example("документы на лом", &["lom", "documents"]),
            example("какая погода", &[]),
        ],
        lexicon: Lexicon::new(["на"], ["лом"], [("документы", vec!["бумаги"])]),
        gates: None,
    }
}

/// A small classifier is enough where any would do.
fn any() -> &'static Classifier {
    static ANY: OnceLock<Classifier> = OnceLock::new();
    ANY.get_or_init(|| Classifier::new(small()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_text_has_a_verdict(line in "\\PC{0,200}") {
        let understood = any().understand(&line);
        for verdict in [&understood.service, &understood.task] {
            if let Some(guess) = verdict.nearest() {
                prop_assert!(guess.confidence_permille <= 1_000);
            }
        }
    }

    #[test]
    fn polite_words_change_nothing(before in 0_usize..4, after in 0_usize..4) {
        let (_, classifier) = shipped();
        let polite = ["здравствуйте", "девушка", "пожалуйста", "подскажите"];
        let line = [&polite[..before], &["лицензия на металлолом"], &polite[..after]].concat();
        prop_assert_eq!(
            classifier.understand(&line.join(" ")),
            classifier.understand("лицензия на металлолом")
        );
    }

    #[test]
    fn the_order_of_the_words_does_not_turn_a_service_into_another(
        line in Just(vec!["хочу", "получить", "лицензию", "на", "металлолом"]).prop_shuffle()
    ) {
        let understood = shipped().1.understand(&line.join(" "));
        let service = understood.service.guess().map(|guess| guess.intent.to_string());
        prop_assert_eq!(service.as_deref(), Some("scrap_licence"));
    }
}
