//! What is said: something, not too long, about what is known, in the name of the organisation.

use std::collections::BTreeSet;

use events::DialoguePurpose;

use super::{Findings, World, twice};
use crate::script::Language;
use crate::script::build::CONFIRM;
use crate::script::draft::{At, KindDraft, NodeDraft, ScriptDraft, TextDraft};
use crate::script::finding::{Finding, Rule};
use crate::script::model::SystemPhrases;
use crate::script::words::{
    ORGANISATION, PROMPT_WORDS_MAX, SENTENCE_WORDS_MAX, count, longest_sentence, placeholders,
};

/// The placeholder for the words that are to be confirmed.
const SAID: &str = "said";

pub(super) fn script(script: &ScriptDraft, world: &World<'_>, f: &mut Findings<'_>) {
    let own = script.language();
    for node in &script.nodes {
        nothing_to_say(node, f);
        for said in node.texts() {
            // Variables in it are the business of `values`.
            text(&node.name.value, (said, &own), None, f);
        }
        for card in node.kind.cards() {
            if !world.cards.iter().any(|c| c.name.value == card.value) {
                let message = format!("карточки «{}» нет в базе знаний", card.value);
                let advice = "исправьте имя (тема.карточка) или добавьте её в knowledge/";
                f.add(card.line, Rule::DeadKnowledge, message, advice);
            }
        }
    }
    if script.part || script.purpose.value != DialoguePurpose::Assistant {
        return;
    }
    for first in first_words(script) {
        if first
            .say
            .as_ref()
            .is_some_and(|say| say.names(ORGANISATION))
        {
            continue;
        }
        let line = first.say.as_ref().map_or(first.name.line, |say| say.line);
        let message = format!("приветствие «{}» не называет организацию", first.name.value);
        f.add(
            line,
            Rule::NoOrganisation,
            message,
            "добавьте в say слово {organisation}",
        );
    }
}

/// The nodes whose words a caller may hear first.
fn first_words(script: &ScriptDraft) -> Vec<&NodeDraft> {
    let (mut first, mut seen) = (Vec::new(), BTreeSet::new());
    let mut todo = vec![script.start.value.as_str()];
    while let Some(name) = todo.pop() {
        let Some(node) = script.node(name).filter(|_| seen.insert(name)) else {
            continue;
        };
        if node.is_silent() {
            todo.extend(node.ways().into_iter().map(|way| way.value.as_str()));
        } else {
            first.push(node);
        }
    }
    first
}

fn nothing_to_say(node: &NodeDraft, f: &mut Findings<'_>) {
    let optional = match node.kind {
        KindDraft::Answer { .. } | KindDraft::Task(_) => true,
        KindDraft::Say { .. }
        | KindDraft::Question(_)
        | KindDraft::Ask(_)
        | KindDraft::Pick(_)
        | KindDraft::Dictate(_)
        | KindDraft::ReadBack(_)
        | KindDraft::Handover { .. }
        | KindDraft::Finish { .. } => false,
        KindDraft::If(_) | KindDraft::Set(_) | KindDraft::Call(_) | KindDraft::Return { .. } => {
            if let Some(say) = &node.say {
                let message = format!("узел «{}» ничего не говорит", node.name.value);
                let advice = "перенесите say в отдельный узел вида say";
                f.add(say.line, Rule::UnknownKey, message, advice);
            }
            true
        }
    };
    if node.say.is_none() && !optional {
        let message = format!("узлу «{}» нечего сказать", node.name.value);
        f.add(node.name.line, Rule::EmptyPrompt, message, "добавьте say");
    }
}

/// One text that will be said, in each of its languages. Without `known`, what its placeholders
/// stand for is checked elsewhere.
fn text(
    place: &str,
    (said, own): (&TextDraft, &Language),
    known: Option<&[&str]>,
    f: &mut Findings<'_>,
) {
    for (language, said) in &said.said {
        let russian = language.as_ref().unwrap_or(own).is_russian();
        one_text(place, (said, russian), known, f);
    }
}

fn one_text(
    place: &str,
    (said, russian): (&At<String>, bool),
    known: Option<&[&str]>,
    f: &mut Findings<'_>,
) {
    let value = &said.value;
    if count(value) == 0 {
        let message = format!("«{place}»: пустой текст");
        f.add(
            said.line,
            Rule::EmptyPrompt,
            message,
            "напишите, что сказать",
        );
    }
    let sentence = longest_sentence(value);
    if sentence > SENTENCE_WORDS_MAX {
        let message = format!(
            "«{place}»: в предложении {sentence} слов, на слух понятно до {SENTENCE_WORDS_MAX}"
        );
        f.add(
            said.line,
            Rule::LongSentence,
            message,
            "разделите предложение",
        );
    }
    let words = count(value);
    if words > PROMPT_WORDS_MAX {
        let message = format!("«{place}»: {words} слов подряд, дослушают до {PROMPT_WORDS_MAX}");
        f.add(
            said.line,
            Rule::LongPrompt,
            message,
            "сократите или разделите на два узла",
        );
    }
    let mut outside = value.clone();
    for name in placeholders(value) {
        outside = outside.replace(&format!("{{{name}}}"), "");
        if known.is_some_and(|known| !known.contains(&name)) {
            let message = format!("«{place}»: подстановки {{{name}}} нет");
            let advice = "бывает {organisation}; фигурные скобки без подстановки уберите";
            f.add(said.line, Rule::UnknownPlaceholder, message, advice);
        }
    }
    if russian && outside.chars().any(|c| c.is_ascii_alphabetic()) {
        let message = format!("«{place}»: латинские буквы голос прочитает неверно");
        f.add(
            said.line,
            Rule::ForeignLetters,
            message,
            "напишите русскими буквами",
        );
    }
}

/// Topics of the knowledge base and the services whose calls they are for.
pub(super) fn topics(world: &World<'_>, list: &mut Vec<Finding>) {
    for topic in world.topics {
        let mut f = Findings {
            file: &topic.file,
            list,
        };
        let unknown = |service: &&At<String>| {
            !world
                .services
                .iter()
                .any(|known| known.id.as_str() == service.value)
        };
        for service in topic.services.iter().filter(unknown) {
            let message = format!("тема «{}»: услуги «{}» нет", topic.title, service.value);
            let advice = "исправьте имя или добавьте услугу в services/services.toml";
            f.add(service.line, Rule::UnknownService, message, advice);
        }
    }
}

/// Cards of the knowledge base and whether anybody reads them.
pub(super) fn cards(world: &World<'_>, scripts: &[ScriptDraft], list: &mut Vec<Finding>) {
    let used: BTreeSet<&str> = scripts
        .iter()
        .flat_map(|script| &script.nodes)
        .flat_map(|node| node.kind.cards())
        .map(|card| card.value.as_str())
        .collect();
    twice(world.cards.iter().map(|c| (c.file.as_str(), &c.name)), list);
    for card in world.cards {
        let mut f = Findings {
            file: &card.file,
            list,
        };
        let own = Language::russian();
        text(
            &card.name.value,
            (&card.say, &own),
            Some(&[ORGANISATION]),
            &mut f,
        );
        if !card.operators_only && !used.contains(card.name.value.as_str()) {
            let message = format!("карточку «{}» не читает ни один сценарий", card.name.value);
            let advice =
                "сошлитесь на неё из сценария, уберите её или добавьте operators_only = true";
            f.add(card.name.line, Rule::UnusedKnowledge, message, advice);
        }
        let today = world.setting.today;
        let advice = "проверьте ответ и исправьте срок; до тех пор помощник зовёт сотрудника";
        if let Some(until) = card
            .valid_until
            .as_ref()
            .filter(|until| until.value < today)
        {
            let message = format!(
                "карточка «{}» действовала до {}",
                card.name.value, until.value
            );
            f.add(until.line, Rule::ExpiredKnowledge, message, advice);
        }
        if let Some(from) = card.valid_from.as_ref().filter(|from| from.value > today) {
            let message = format!(
                "карточка «{}» действует только с {}",
                card.name.value, from.value
            );
            f.add(from.line, Rule::ExpiredKnowledge, message, advice);
        }
    }
}

/// Phrases of the system and whether all that dialogues need are there.
pub(super) fn phrases(world: &World<'_>, list: &mut Vec<Finding>) {
    twice(
        world.phrases.iter().map(|p| (p.file.as_str(), &p.name)),
        list,
    );
    for phrase in world.phrases {
        let mut f = Findings {
            file: &phrase.file,
            list,
        };
        let known: &[&str] = match phrase.name.value.as_str() {
            CONFIRM => &[ORGANISATION, SAID],
            "dialogue.pick" => &["nth", SAID, "key"],
            "dialogue.pick_other" => &["key"],
            _ => &[ORGANISATION],
        };
        let own = Language::russian();
        text(&phrase.name.value, (&phrase.say, &own), Some(known), &mut f);
    }
    for short in SystemPhrases::NAMES {
        let needed = format!("dialogue.{short}");
        if !world.phrases.iter().any(|p| p.name.value == needed) {
            let mut f = Findings {
                file: "phrases/dialogue.toml",
                list,
            };
            let advice = format!("добавьте [phrase.{short}] и say");
            let message = format!("нет фразы «{needed}»");
            f.add(1, Rule::MissingPhrase, message, &advice);
        }
    }
}
