//! Topics and their cards as people read them.

use events::ServiceId;

use super::Builder;
use crate::knowledge::{Answer, Article};
use crate::script::Language;
use crate::script::draft::{CardDraft, TopicDraft};

impl Builder<'_> {
    /// The knowledge base as people read it.
    pub(in crate::script) fn articles(&self) -> Vec<Article> {
        let topics = self.world.topics.iter();
        topics.map(|topic| self.article(topic)).collect()
    }

    fn article(&self, topic: &TopicDraft) -> Article {
        let own = Language::russian();
        let of_topic = |card: &&CardDraft| {
            let rest = card.name.value.strip_prefix(topic.id.as_str());
            rest.is_some_and(|rest| rest.starts_with('.'))
        };
        let answer = |card: &CardDraft| Answer {
            name: card.name.value.clone(),
            about: card.about,
            text: card
                .say
                .within(&own, &own)
                .map_or_else(String::new, |text| {
                    let name = &self.world.setting.organisation;
                    text.value.replace("{organisation}", name)
                }),
            source: card.source.clone(),
            valid_from: card.valid_from.as_ref().map(|from| from.value),
            valid_until: card.valid_until.as_ref().map(|until| until.value),
        };
        let cards = self.world.cards.iter();
        Article {
            id: topic.id.clone(),
            title: topic.title.clone(),
            version: topic.version.clone(),
            services: topic
                .services
                .iter()
                .map(|id| ServiceId::new(&id.value))
                .collect(),
            answers: cards.filter(of_topic).map(answer).collect(),
        }
    }
}
