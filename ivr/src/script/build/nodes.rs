//! Nodes.

use events::ServiceId;

use super::values::{assign, branch, operand, operands, task};
use super::{Builder, CONFIRM, Scope, fill};
use crate::dialogue::LETTERS_HINT;
use crate::script::draft::{
    AskDraft, At, CallDraft, KindDraft, NodeDraft, OptionDraft, PatienceDraft, QuestionDraft,
    ReadBackDraft,
};
use crate::script::model::{
    Ask, Call, Choice, Dictate, Node, NodeKind, Patience, Pick, Question, RatingTexts, Taken,
};
use crate::script::{Language, OFFER_FIELDS, Said, VariableType, YesNo};

/// What follows the name of a node that reads back, for the question which value is wrong.
const FIX: &str = "fix";

impl Builder<'_> {
    /// The node; a node that reads values back is two questions.
    pub(super) fn node(&self, scope: Scope<'_>, draft: &NodeDraft) -> Vec<Node> {
        let name = format!("{}.{}", scope.draft.id.value, draft.name.value);
        let prompt = self.optional(scope, &name, draft.say.as_ref());
        let go = |to: &At<String>| scope.full(&to.value);
        let kind = match &draft.kind {
            KindDraft::Say { next } => NodeKind::Say { next: go(next) },
            KindDraft::Answer { cards, next } => NodeKind::Answer {
                cards: cards.iter().filter_map(|card| self.card(card)).collect(),
                next: go(next),
            },
            KindDraft::Question(it) => NodeKind::Question(self.question(scope, &name, it)),
            KindDraft::Ask(it) => match self.ask(scope, &name, it) {
                Some(ask) => NodeKind::Ask(ask),
                None => return Vec::new(),
            },
            KindDraft::Pick(it) => NodeKind::Pick(Pick {
                from: scope.full(&it.from.value),
                into: scope.full(&it.into.value),
                at_once: it.at_once,
                more: go(&it.more),
                patience: self.patience(scope, &name, &it.patience),
                next: go(&it.next),
            }),
            KindDraft::Dictate(it) => NodeKind::Dictate(Dictate {
                into: scope.full(&it.into.value),
                max_ms: it.max_ms,
                by_keys: it.by_keys.as_ref().map(go),
                patience: self.patience(scope, &name, &it.patience),
                next: go(&it.next),
            }),
            KindDraft::ReadBack(it) => return self.read_back(scope, draft, it),
            KindDraft::Task(it) => NodeKind::Task(task(scope, it)),
            KindDraft::If(it) => NodeKind::If(branch(scope, it)),
            KindDraft::Set(it) => NodeKind::Set(assign(scope, it)),
            KindDraft::Call(it) => match self.call(scope, it) {
                Some(call) => NodeKind::Call(call),
                None => return Vec::new(),
            },
            KindDraft::Return { way } => NodeKind::Return {
                way: way.value.clone(),
            },
            KindDraft::Handover { need } => NodeKind::Handover { need: *need },
            KindDraft::Finish { outcome } => NodeKind::Finish { outcome: *outcome },
        };
        let name = scope.full(&draft.name.value);
        vec![Node { name, prompt, kind }]
    }

    fn patience(&self, scope: Scope<'_>, name: &str, draft: &PatienceDraft) -> Patience {
        let part = |part: &str, text| self.optional(scope, &format!("{name}.{part}"), text);
        Patience {
            silence: part("silence", draft.silence.as_ref()),
            not_understood: part("again", draft.not_understood.as_ref()),
            tries: draft.tries,
            silence_ms: draft.silence_ms,
            barge_in: draft.barge_in,
        }
    }

    fn question(&self, scope: Scope<'_>, name: &str, draft: &QuestionDraft) -> Question {
        let next = draft.rating.as_ref().map(|rating| &rating.next);
        Question {
            options: draft
                .options
                .iter()
                .map(|option| self.choice(scope, name, (option, next)))
                .collect(),
            patience: self.patience(scope, name, &draft.patience),
            rating: draft.rating.as_ref().map(|rating| RatingTexts {
                out_of_range: self.said(scope, &format!("{name}.range"), &rating.out_of_range),
                give_up: self.said(scope, &format!("{name}.end"), &rating.give_up),
            }),
        }
    }

    fn choice(
        &self,
        scope: Scope<'_>,
        name: &str,
        (draft, next): (&OptionDraft, Option<&At<String>>),
    ) -> Choice {
        let key = draft
            .key
            .as_ref()
            .and_then(|key| key.value.chars().next())
            .unwrap_or('1');
        let goto = draft.goto.as_ref().or(next);
        let plain = |phrases: &[At<String>]| phrases.iter().map(|p| p.value.clone()).collect();
        Choice {
            key,
            phrases: plain(&draft.phrases),
            foreign: draft
                .foreign
                .iter()
                .map(|(language, phrases)| (language.clone(), plain(phrases)))
                .collect(),
            intents: plain(&draft.intents),
            confirm: self.confirm(scope, &format!("{name}.confirm.{key}"), draft),
            goto: goto.map_or_else(String::new, |to| scope.full(&to.value)),
            set: operands(scope, &draft.set),
            taken: match &draft.score {
                Some(score) => Taken::Score(u8::try_from(score.value).unwrap_or(1)),
                None => Taken::Way {
                    service: draft.service.as_ref().map(|s| ServiceId::new(&s.value)),
                    need: draft.need,
                },
            },
        }
    }

    /// «Вы сказали: …?» about an option, in every language it is called in.
    fn confirm(&self, scope: Scope<'_>, name: &str, draft: &OptionDraft) -> Said {
        let own = scope.draft.language();
        let russian = Language::russian();
        let found = self.world.phrases.iter().find(|p| p.name.value == CONFIRM);
        let mut said = Said::default();
        let titled = |language: &Language| {
            let title = draft.title.as_ref().and_then(|t| t.within(language, &own));
            let foreign = draft.foreign.iter().find(|(l, _)| l == language);
            let phrases = if *language == own {
                Some(&draft.phrases)
            } else {
                foreign.map(|(_, phrases)| phrases)
            };
            title
                .or_else(|| phrases?.first())
                .map(|title| title.value.clone())
        };
        for language in scope.draft.languages.iter().map(|l| &l.value) {
            let text = found.and_then(|p| p.say.within(language, &russian));
            if let (Some(text), Some(title)) = (text, titled(language)) {
                let text = text.value.replace("{said}", &title);
                let fixed = |text: &str| fill(self.world, text, language);
                said.add(language, name, &text, (&fixed, &str::to_owned));
            }
        }
        said
    }

    fn ask(&self, scope: Scope<'_>, name: &str, draft: &AskDraft) -> Option<Ask> {
        let kind = scope.draft.variable(&draft.into.value)?;
        let slot = super::slot(kind, &draft.limits)?;
        let mut hint = Said::default();
        let fixed = |text: &str| fill(self.world, text, &Language::russian());
        let same = str::to_owned;
        let mut text = slot.prompt_hint();
        if slot.key_hint().is_none() {
            text = format!("{text} {LETTERS_HINT}");
        }
        hint.add(
            &Language::russian(),
            &format!("{name}.hint"),
            &text,
            (&fixed, &same),
        );
        Some(Ask {
            into: scope.full(&draft.into.value),
            always_confirm: draft.always_confirm,
            hint,
            patience: self.patience(scope, name, &draft.patience),
            next: scope.full(&draft.next.value),
            slot,
        })
    }

    fn call(&self, scope: Scope<'_>, draft: &CallDraft) -> Option<Call> {
        let part = self.draft(&draft.part.value)?;
        let inner = Scope {
            draft: part,
            part: true,
        };
        let own = part.variables.iter().flat_map(|v| {
            let name = inner.full(&v.name.value);
            let fields = OFFER_FIELDS.iter().map(|(field, _)| field);
            let fields = fields.filter(|_| v.kind == VariableType::Offer);
            let fields: Vec<String> = fields.map(|field| format!("{name}.{field}")).collect();
            fields.into_iter().chain([name])
        });
        Some(Call {
            part: part.id.value.clone(),
            start: inner.full(&part.start.value),
            own: own.collect(),
            with: draft
                .with
                .iter()
                .map(|(name, what)| {
                    let kind = part.variable(&name.value);
                    (inner.full(&name.value), operand(scope, &what.value, kind))
                })
                .filter_map(|(name, operand)| Some((name, operand?)))
                .collect(),
            into: draft
                .into
                .iter()
                .map(|(own, theirs)| (inner.full(&theirs.value), scope.full(&own.value)))
                .collect(),
            ways: draft
                .ways
                .iter()
                .map(|(way, to)| (way.value.clone(), scope.full(&to.value)))
                .collect(),
        })
    }

    /// «Всё верно?», and «Что исправить?» if there is more than one thing that may be wrong.
    fn read_back(&self, scope: Scope<'_>, node: &NodeDraft, draft: &ReadBackDraft) -> Vec<Node> {
        let (id, own) = (&scope.draft.id.value, &node.name.value);
        let name = format!("{id}.{own}");
        let back = scope.full(own);
        let fix = format!("{back}.{FIX}");
        let no = match (&draft.no, draft.fields.is_empty()) {
            (Some(no), true) => scope.full(&no.value),
            (Some(_) | None, _) => fix.clone(),
        };
        let answer = |(answer, key, goto): (YesNo, char, &str)| Choice {
            key,
            phrases: answer.phrases().iter().map(|p| (*p).to_owned()).collect(),
            foreign: scope
                .draft
                .languages
                .iter()
                .filter(|l| !l.value.is_russian())
                .map(|l| {
                    let phrases = answer.phrases_in(&l.value).iter();
                    (l.value.clone(), phrases.map(|p| (*p).to_owned()).collect())
                })
                .collect(),
            intents: Vec::new(),
            confirm: self.system.read_back.clone(),
            goto: goto.to_owned(),
            set: Vec::new(),
            taken: Taken::Way {
                service: None,
                need: None,
            },
        };
        let next = scope.full(&draft.next.value);
        let answers = [(YesNo::Yes, '1', next.as_str()), (YesNo::No, '2', &no)];
        let mut prompt = self.optional(scope, &name, node.say.as_ref());
        prompt.append(&self.system.read_back);
        let ask = Node {
            name: back.clone(),
            prompt,
            kind: NodeKind::Question(Question {
                options: answers.map(answer).into_iter().collect(),
                patience: self.patience(scope, &name, &draft.patience),
                rating: None,
            }),
        };
        if draft.fields.is_empty() {
            return vec![ask];
        }
        vec![ask, self.fix(scope, (&name, &back, fix), draft)]
    }

    /// «Что исправить?»: each field leads to where it is asked for, and from there back.
    fn fix(
        &self,
        scope: Scope<'_>,
        (name, back, fix): (&str, &str, String),
        draft: &ReadBackDraft,
    ) -> Node {
        let name = format!("{name}.{FIX}");
        let which = draft.which.as_ref();
        let starts: Vec<String> = draft
            .fields
            .iter()
            .filter_map(|field| field.goto.as_ref())
            .map(|goto| scope.full(&goto.value))
            .collect();
        let after = draft.after_fix.as_ref();
        let back = after.map_or_else(|| back.to_owned(), |node| scope.full(&node.value));
        let choice = |field: &OptionDraft| {
            let mut choice = self.choice(scope, &name, (field, None));
            let others = starts.iter().filter(|start| **start != choice.goto);
            choice.taken = Taken::Correction {
                back: back.clone(),
                others: others.cloned().collect(),
            };
            choice
        };
        let mut patience = self.patience(scope, &name, &draft.patience);
        if let Some(which) = which {
            patience.silence = self.said(scope, &format!("{name}.silence"), which);
            patience.not_understood = self.said(scope, &format!("{name}.again"), which);
        }
        Node {
            prompt: which.map_or_else(
                || self.system.which_field.clone(),
                |text| self.said(scope, &name, text),
            ),
            kind: NodeKind::Question(Question {
                options: draft.fields.iter().map(choice).collect(),
                patience,
                rating: None,
            }),
            name: fix,
        }
    }
}
