//! The steps of a script: their order, their words, their branches and fields.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;

use super::super::draft::{DraftAnswer, DraftField, DraftStep};
use super::super::field::{FieldKind, ScriptField};
use super::super::model::{
    FIELD, FULL_NAME, ORGANISATION, POSITION, SERVICE, ScriptStep, StepAct, StepAnswer, StepKind,
};
use super::super::ways;
use super::Page;

/// Words of one step: more cannot be said in one breath, or read at a glance.
const SAY_MAX_CHARS: usize = 600;
/// A name in facts is no longer than this.
const NAME_MAX_BYTES: usize = 64;
/// What a complaint must say (row #36).
const COMPLAINT: [&str; 4] = ["name", "reply_to", "substance", "inform_by"];

impl Page<'_> {
    pub(super) fn steps(&mut self, drafts: Vec<Spanned<DraftStep>>) -> Vec<ScriptStep> {
        let last = drafts.len().saturating_sub(1);
        if drafts.len() < 2 {
            let text = "нужны хотя бы два шага [[step]]: приветствие и завершение";
            self.find(0..0, text);
        }
        let ids: Vec<String> = drafts
            .iter()
            .map(|draft| draft.get_ref().id.get_ref().clone())
            .collect();
        let (mut seen, mut fields) = (BTreeSet::new(), BTreeSet::new());
        let (mut steps, mut places) = (Vec::new(), Vec::new());
        let mut acts = Vec::new();
        let mut texts = Vec::new();
        for (place, draft) in drafts.into_iter().enumerate() {
            let at = draft.span();
            let draft = draft.into_inner();
            if !seen.insert(draft.id.get_ref().clone()) {
                let text = format!("шаг «{}» уже есть: назовите этот иначе", draft.id.get_ref());
                self.find(draft.id.span(), text);
            }
            self.kind(place, last, draft.kind, at.clone());
            self.words(&draft);
            self.branches(&draft, &ids);
            acts.extend(draft.act.as_ref().map(|act| (act.span(), *act.get_ref())));
            texts.push(draft.say.clone());
            texts.extend(draft.hint.clone());
            let following = ids.get(place + 1);
            steps.push(self.step(draft, following, &mut fields));
            places.push(at);
        }
        for text in &texts {
            self.placeholders(text, &fields);
        }
        self.acts(&acts, &steps);
        for (at, text) in ways::wrong(&steps, &places) {
            self.find(at, text);
        }
        steps
    }

    fn step(
        &mut self,
        draft: DraftStep,
        following: Option<&String>,
        fields: &mut BTreeSet<String>,
    ) -> ScriptStep {
        let answer = |answer: Spanned<DraftAnswer>| {
            let DraftAnswer { id, title, goto } = answer.into_inner();
            StepAnswer {
                id: id.into_inner(),
                title: title.into_inner(),
                goto: goto.into_inner(),
            }
        };
        let next = draft.next.map(Spanned::into_inner);
        let next = next.or_else(|| following.cloned());
        let leads = draft.answers.is_empty() && draft.kind != StepKind::Closing;
        let fields = draft
            .fields
            .into_iter()
            .map(|draft| self.field(draft, fields));
        ScriptStep {
            id: draft.id.into_inner(),
            title: draft.title.into_inner(),
            kind: draft.kind,
            say: draft.say.into_inner(),
            hint: draft.hint.map(Spanned::into_inner),
            next: next.filter(|_| leads),
            fields: fields.collect(),
            answers: draft.answers.into_iter().map(answer).collect(),
            act: draft.act.map(Spanned::into_inner),
        }
    }

    fn kind(&mut self, place: usize, last: usize, kind: StepKind, at: Range<usize>) {
        if place == 0 && kind != StepKind::Greeting {
            let text = "первый шаг — приветствие: добавьте kind = \"greeting\"";
            self.find(at, text);
        } else if place > 0 && kind == StepKind::Greeting {
            self.find(at, "приветствие бывает только первым шагом");
        } else if place > 0 && place == last && kind != StepKind::Closing {
            let text = "последний шаг — завершение: добавьте kind = \"closing\"";
            self.find(at, text);
        } else if place != last && kind == StepKind::Closing {
            self.find(at, "завершение бывает только последним шагом");
        }
    }

    fn words(&mut self, draft: &DraftStep) {
        self.name("id", &draft.id);
        self.not_empty("title", &draft.title);
        self.not_empty("say", &draft.say);
        let chars = draft.say.get_ref().chars().count();
        if chars > SAY_MAX_CHARS {
            let text = format!(
                "say: {chars} знаков, а больше {SAY_MAX_CHARS} с экрана не произнести: разделите шаг"
            );
            self.find(draft.say.span(), text);
        }
        if draft.kind == StepKind::Greeting {
            self.greeting(&draft.say);
        }
    }

    /// A name that stands in facts.
    fn name(&mut self, key: &str, name: &Spanned<String>) {
        self.not_empty(key, name);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let written = name.get_ref();
        if !written.chars().all(plain) || written.len() > NAME_MAX_BYTES {
            let text = format!(
                "{key}: «{written}»: только строчные латинские буквы, цифры и «_», не больше \
                 {NAME_MAX_BYTES}"
            );
            self.find(name.span(), text);
        }
    }

    fn branches(&mut self, draft: &DraftStep, ids: &[String]) {
        let at = draft.id.span();
        if draft.kind == StepKind::Closing && (draft.next.is_some() || !draft.answers.is_empty()) {
            self.find(at, "после завершения ничего нет: уберите next и answer");
        } else if draft.next.is_some() && !draft.answers.is_empty() {
            self.find(at, "куда идти, решает ответ: уберите next или answer");
        } else if draft.answers.len() == 1 {
            self.find(
                at,
                "ответ один, выбирать не из чего: напишите next вместо answer",
            );
        }
        let mut seen = BTreeSet::new();
        for answer in &draft.answers {
            let answer = answer.get_ref();
            self.name("answer.id", &answer.id);
            self.not_empty("answer.title", &answer.title);
            if !seen.insert(answer.id.get_ref()) {
                let text = format!(
                    "ответ «{}» уже есть: назовите этот иначе",
                    answer.id.get_ref()
                );
                self.find(answer.id.span(), text);
            }
        }
        for (at, name) in ways::targets(draft) {
            if !ids.contains(&name) {
                let text = format!("шага «{name}» нет; есть: {}", ids.join(", "));
                self.find(at, text);
            }
        }
    }

    fn field(&mut self, draft: Spanned<DraftField>, seen: &mut BTreeSet<String>) -> ScriptField {
        let at = draft.span();
        let draft = draft.into_inner();
        self.name("field.name", &draft.name);
        self.not_empty("field.title", &draft.title);
        if !seen.insert(draft.name.get_ref().clone()) {
            let text = format!("поле «{}» в сценарии уже есть", draft.name.get_ref());
            self.find(draft.name.span(), text);
        }
        let chooses = draft.kind == FieldKind::Choice;
        if chooses && draft.options.len() < 2 {
            self.find(
                at,
                "выбирать не из чего: добавьте option = [{ id = \"…\", title = \"…\" }, …]",
            );
        } else if !chooses && !draft.options.is_empty() {
            self.find(at, "option бывает только при kind = \"choice\"");
        }
        if let Some(from) = &draft.from {
            let node = from.get_ref().strip_prefix("heard.");
            let heard = node.is_some_and(|node| !node.is_empty());
            if !heard && !matches!(from.get_ref().as_str(), "caller" | "service") {
                let text = "from: caller (номер звонящего), service (услуга) или heard.УЗЕЛ (ответ \
                            помощнику в этом узле)";
                self.find(from.span(), text);
            }
        }
        ScriptField {
            name: draft.name.into_inner(),
            title: draft.title.into_inner(),
            kind: draft.kind,
            required: draft.required,
            from: draft.from.map(Spanned::into_inner),
            options: draft.options,
        }
    }

    /// A complaint cannot be taken without what row #36 demands.
    fn acts(&mut self, acts: &[(Range<usize>, StepAct)], steps: &[ScriptStep]) {
        for (at, act) in acts {
            match act {
                StepAct::Refer => {}
                StepAct::FileComplaint => {
                    let fields = || steps.iter().flat_map(|step| &step.fields);
                    let asked = |name: &str| fields().any(|f| f.name == name && f.required);
                    let missing: Vec<&str> =
                        COMPLAINT.into_iter().filter(|name| !asked(name)).collect();
                    if !missing.is_empty() {
                        let text = format!(
                            "жалобу без обязательных полей не принять: добавьте поля с required = \
                             true: {}",
                            missing.join(", ")
                        );
                        self.find(at.clone(), text);
                    }
                }
            }
        }
    }

    fn placeholders(&mut self, value: &Spanned<String>, fields: &BTreeSet<String>) {
        let known = [ORGANISATION, FULL_NAME, POSITION, SERVICE];
        let mut rest = value.get_ref().clone();
        for name in known {
            rest = rest.replace(name, "");
        }
        for field in fields {
            rest = rest.replace(&format!("{FIELD}{field}}}"), "");
        }
        let unknown = rest
            .split_once(FIELD)
            .and_then(|(_, rest)| rest.split_once('}'));
        if let Some((name, _)) = unknown {
            let text = format!("поля «{name}» в сценарии нет: добавьте его шагу или исправьте имя");
            self.find(value.span(), text);
        } else if rest.contains(['{', '}']) {
            let text = format!(
                "неизвестная подстановка в скобках; есть: {}",
                known.join(", ")
            );
            self.find(value.span(), text);
        }
    }

    /// Requirement row #27: three things are said when a call is answered.
    fn greeting(&mut self, say: &Spanned<String>) {
        let asked = [
            (ORGANISATION, "наименование органа"),
            (FULL_NAME, "фамилию, имя и отчество"),
            (POSITION, "должность"),
        ];
        for (placeholder, what) in asked {
            if !say.get_ref().contains(placeholder) {
                let text = format!("приветствие не называет {what}: добавьте {placeholder}");
                self.find(say.span(), text);
            }
        }
    }
}
