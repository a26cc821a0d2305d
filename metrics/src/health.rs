//! How the machine does: figures that are not facts, filled by the shell and shown beside them.

use std::collections::BTreeMap;

use events::Timestamp;

use crate::browsers::BrowserFigures;
use crate::histogram::{Histogram, LATENCY_EDGES_US, STORAGE_EDGES_US};
use crate::recognition::RecognitionFigures;
use crate::registers::{self, RegisterFigure};
use crate::sheet::{Sheet, float, seconds};
use crate::speaking::SpeakingFigures;

/// Methods that are labels; every other is `OTHER`, since anybody can send any word.
const METHODS: &[&str] = &[
    "INVITE",
    "ACK",
    "BYE",
    "CANCEL",
    "REGISTER",
    "OPTIONS",
    "INFO",
    "PRACK",
    "UPDATE",
    "REFER",
    "NOTIFY",
    "SUBSCRIBE",
    "MESSAGE",
];

/// Which way a SIP message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// From us.
    Sent,
    /// To us.
    Received,
}

impl Direction {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
        }
    }
}

/// The labels of a counted SIP response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SipResponse {
    /// Sent or received.
    pub direction: Direction,
    /// The method of the request it answers.
    pub method: &'static str,
    /// First digit of the status, 1–6.
    pub class: u8,
}

/// What the operating system says about the process (`/proc/self`), read by the shell at a scrape.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ProcessFigures {
    /// Processor time since the start, user and system, in seconds.
    pub cpu_seconds: f64,
    /// Memory in RAM, in bytes.
    pub resident_bytes: u64,
    /// Open file descriptors.
    pub open_fds: u64,
    /// How many file descriptors may be open.
    pub max_fds: u64,
}

/// Everything `/metrics` shows that does not follow from the journal.
/// Plain fields: the shell adds to them, or overwrites them before a scrape.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// Of the program.
    pub version: String,
    /// When the process started.
    pub started_at: Timestamp,
    /// See [`Health::count_sip_responses`].
    pub sip_responses: BTreeMap<SipResponse, u64>,
    /// Messages sent again because no answer came (RFC 3261 timers A, E, G, and 2xx).
    pub sip_retransmissions: u64,
    /// Datagrams and streams that were no SIP message.
    pub sip_malformed: u64,
    /// Duration of the journal's group commits.
    pub journal_fsync: Histogram,
    /// Bytes of the journal on disk.
    pub journal_bytes: u64,
    /// Group commits that failed. Each is an outage: calls stop.
    pub journal_errors: u64,
    /// Facts in the journal that the database does not have yet.
    pub ingest_lag_records: u64,
    /// Duration of the database's batches.
    pub ingest_batch: Histogram,
    /// Batches that failed and were tried again.
    pub ingest_errors: u64,
    /// Recognitions that run now.
    pub recogniser_sessions: u64,
    /// Utterances recognised.
    pub recogniser_utterances: u64,
    /// Sounds that were no speech: noise, music, our own echo.
    pub recogniser_noises: u64,
    /// Processor seconds spent on recognition.
    pub recogniser_busy_seconds: f64,
    /// Seconds of audio recognised; busy ÷ audio is the real-time factor.
    pub recogniser_audio_seconds: f64,
    /// `true` while calls go without speech recognition (keys still work).
    pub recogniser_unavailable: bool,
    /// Repetitions of training that are overdue.
    pub trainings_overdue: u64,
    /// Answers of the knowledge base by their freshness.
    pub knowledge: Vec<(&'static str, u64)>,
    /// The registers of applications.
    pub registers: Vec<RegisterFigure>,
    /// The assistant's voice.
    pub speaking: SpeakingFigures,
    /// How well those are served who speak.
    pub recognition: RecognitionFigures,
    /// The browsers' audio.
    pub browsers: BrowserFigures,
    /// RTP packets received by the media threads.
    pub media_received_packets: u64,
    /// RTP packets sent by the media threads.
    pub media_sent_packets: u64,
    /// Media sessions open now.
    pub media_sessions: u64,
    /// Ticks of 20 ms that began more than 5 ms late.
    pub media_late_ticks: u64,
    /// Frames that recogniser or recorder were too slow to take.
    pub media_tap_drops: u64,
    /// Duration of a turn of the loop, fsync included.
    pub loop_turn: Histogram,
    /// From «an operator is free» to «the next phone is rung», for callers who already waited.
    pub free_to_ring: Histogram,
    /// From the operating system, if it was asked.
    pub process: Option<ProcessFigures>,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            version: String::new(),
            started_at: Timestamp(0),
            sip_responses: BTreeMap::new(),
            sip_retransmissions: 0,
            sip_malformed: 0,
            journal_fsync: Histogram::new(STORAGE_EDGES_US),
            journal_bytes: 0,
            journal_errors: 0,
            ingest_lag_records: 0,
            ingest_batch: Histogram::new(STORAGE_EDGES_US),
            ingest_errors: 0,
            recogniser_sessions: 0,
            recogniser_utterances: 0,
            recogniser_noises: 0,
            recogniser_busy_seconds: 0.0,
            recogniser_audio_seconds: 0.0,
            recogniser_unavailable: false,
            trainings_overdue: 0,
            knowledge: Vec::new(),
            registers: Vec::new(),
            speaking: SpeakingFigures::default(),
            recognition: RecognitionFigures::default(),
            browsers: BrowserFigures::default(),
            media_received_packets: 0,
            media_sent_packets: 0,
            media_sessions: 0,
            media_late_ticks: 0,
            media_tap_drops: 0,
            loop_turn: Histogram::new(STORAGE_EDGES_US),
            free_to_ring: Histogram::new(LATENCY_EDGES_US),
            process: None,
        }
    }
}

impl Health {
    /// Counts SIP responses. Methods and statuses outside the RFCs share one series.
    pub fn count_sip_responses(
        &mut self,
        direction: Direction,
        method: &str,
        status: u16,
        count: u64,
    ) {
        let known = METHODS.iter().find(|known| **known == method);
        let class = u8::try_from(status / 100).unwrap_or(6).clamp(1, 6);
        let response = SipResponse {
            direction,
            method: known.copied().unwrap_or("OTHER"),
            class,
        };
        *self.sip_responses.entry(response).or_insert(0) += count;
    }

    fn show_knowledge(&self, sheet: &mut Sheet) {
        let help = "Обучение, которое пора было повторить: должно быть 0";
        sheet
            .gauge("liniya_trainings_overdue", help)
            .value(&[], float(self.trainings_overdue));
        let help = "Ответы базы знаний: действуют (valid), скоро истекают (soon), ещё не действуют \
                    (not_yet), истекли (expired)";
        let mut family = sheet.gauge("liniya_knowledge_answers", help);
        for (validity, answers) in &self.knowledge {
            family.value(&[("validity", validity)], float(*answers));
        }
    }

    pub(crate) fn show(&self, sheet: &mut Sheet) {
        sheet
            .gauge("liniya_build_info", "Версия программы; значение всегда 1")
            .value(&[("version", &self.version)], 1.0);
        sheet
            .gauge(
                "liniya_start_time_seconds",
                "Когда запущен процесс, секунды с 1970 года (UTC)",
            )
            .value(&[], seconds(self.started_at.0.max(0).unsigned_abs()));
        self.show_sip(sheet);
        self.show_storage(sheet);
        self.show_recogniser(sheet);
        self.show_media(sheet);
        self.speaking.show(sheet);
        registers::show(&self.registers, sheet);
        self.show_knowledge(sheet);
        if let Some(process) = self.process {
            show_process(process, sheet);
        }
    }

    fn show_sip(&self, sheet: &mut Sheet) {
        let mut all: BTreeMap<SipResponse, u64> = BTreeMap::new();
        for direction in [Direction::Sent, Direction::Received] {
            for method in ["INVITE", "BYE", "REGISTER", "OPTIONS"] {
                for class in 1..=6 {
                    let response = SipResponse {
                        direction,
                        method,
                        class,
                    };
                    all.insert(response, 0);
                }
            }
        }
        all.extend(&self.sip_responses);
        let mut responses = sheet.counter(
            "liniya_sip_responses_total",
            "Ответы SIP по направлению, методу запроса и классу кода",
        );
        for (response, count) in &all {
            let class = format!("{}xx", response.class);
            let labels = [
                ("direction", response.direction.as_str()),
                ("method", response.method),
                ("class", &class),
            ];
            responses.value(&labels, float(*count));
        }
        sheet
            .counter(
                "liniya_sip_retransmissions_total",
                "Повторные отправки сообщений SIP",
            )
            .value(&[], float(self.sip_retransmissions));
        sheet
            .counter(
                "liniya_sip_malformed_total",
                "Принятые данные, не являющиеся SIP",
            )
            .value(&[], float(self.sip_malformed));
    }

    fn show_storage(&self, sheet: &mut Sheet) {
        sheet
            .histogram(
                "liniya_journal_fsync_seconds",
                "Время записи пачки фактов журнала на диск",
            )
            .buckets(&[], &self.journal_fsync);
        sheet
            .gauge("liniya_journal_bytes", "Размер журнала на диске")
            .value(&[], float(self.journal_bytes));
        sheet
            .counter(
                "liniya_journal_errors_total",
                "Неудачные записи журнала на диск",
            )
            .value(&[], float(self.journal_errors));
        sheet
            .gauge(
                "liniya_ingest_lag_records",
                "Факты журнала, которых ещё нет в базе данных (отчёты отстают)",
            )
            .value(&[], float(self.ingest_lag_records));
        sheet
            .histogram(
                "liniya_ingest_batch_seconds",
                "Время записи пачки фактов в базу данных",
            )
            .buckets(&[], &self.ingest_batch);
        sheet
            .counter(
                "liniya_ingest_errors_total",
                "Неудачные записи в базу данных",
            )
            .value(&[], float(self.ingest_errors));
        sheet
            .histogram(
                "liniya_loop_turn_seconds",
                "Время одного оборота главного цикла",
            )
            .buckets(&[], &self.loop_turn);
        sheet
            .histogram(
                "liniya_free_to_ring_seconds",
                "От освобождения сотрудника до звонка ему следующего ожидающего",
            )
            .buckets(&[], &self.free_to_ring);
    }

    fn show_recogniser(&self, sheet: &mut Sheet) {
        sheet
            .gauge(
                "liniya_recogniser_sessions",
                "Распознавания речи, идущие сейчас",
            )
            .value(&[], float(self.recogniser_sessions));
        sheet
            .counter("liniya_recogniser_utterances_total", "Распознанные фразы")
            .value(&[], float(self.recogniser_utterances));
        sheet
            .counter(
                "liniya_recogniser_noises_total",
                "Звуки, которые не речь: шум, музыка, эхо наших фраз",
            )
            .value(&[], float(self.recogniser_noises));
        sheet
            .counter(
                "liniya_recogniser_busy_seconds_total",
                "Процессорное время распознавания; делить на время звука — фактор реального времени",
            )
            .value(&[], self.recogniser_busy_seconds);
        sheet
            .counter(
                "liniya_recogniser_audio_seconds_total",
                "Время распознанного звука",
            )
            .value(&[], self.recogniser_audio_seconds);
        sheet
            .gauge(
                "liniya_recogniser_unavailable",
                "1 — распознавание речи недоступно, работают только клавиши",
            )
            .value(&[], f64::from(u8::from(self.recogniser_unavailable)));
        self.recognition.show(sheet);
    }

    fn show_media(&self, sheet: &mut Sheet) {
        sheet
            .gauge("liniya_media_sessions", "Открытые звуковые сессии")
            .value(&[], float(self.media_sessions));
        let mut packets = sheet.counter("liniya_media_packets_total", "Пакеты RTP по направлению");
        packets.value(
            &[("direction", "received")],
            float(self.media_received_packets),
        );
        packets.value(&[("direction", "sent")], float(self.media_sent_packets));
        sheet
            .counter(
                "liniya_media_late_ticks_total",
                "Такты звука (20 мс), начатые с опозданием больше 5 мс",
            )
            .value(&[], float(self.media_late_ticks));
        sheet
            .counter(
                "liniya_media_tap_drops_total",
                "Кадры звука, которые не успели взять распознавание или запись",
            )
            .value(&[], float(self.media_tap_drops));
        self.browsers.show(sheet);
    }
}

fn show_process(process: ProcessFigures, sheet: &mut Sheet) {
    sheet
        .counter("process_cpu_seconds_total", "Процессорное время процесса")
        .value(&[], process.cpu_seconds);
    sheet
        .gauge("process_resident_memory_bytes", "Память процесса в ОЗУ")
        .value(&[], float(process.resident_bytes));
    sheet
        .gauge("process_open_fds", "Открытые файловые дескрипторы")
        .value(&[], float(process.open_fds));
    sheet
        .gauge("process_max_fds", "Наибольшее число файловых дескрипторов")
        .value(&[], float(process.max_fds));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_outside_can_make_series() {
        let mut health = Health::default();
        for method in ["EVIL1", "EVIL2", "invite"] {
            health.count_sip_responses(Direction::Sent, method, 405, 1);
        }
        health.count_sip_responses(Direction::Sent, "INVITE", 200, 1);
        health.count_sip_responses(Direction::Received, "INVITE", 9_999, 1);
        let labels: Vec<_> = health
            .sip_responses
            .iter()
            .map(|(r, n)| (r.method, r.class, *n))
            .collect();
        assert_eq!(
            labels,
            [("INVITE", 2, 1), ("OTHER", 4, 3), ("INVITE", 6, 1)]
        );
    }
}
