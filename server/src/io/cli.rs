//! The command line: `serve` and the tools people use beside it.

mod audit;
mod broadcast;
mod cases;
mod check;
mod graph;
mod ladder;
mod models;
mod paths;
mod phrases;
mod reload;
mod replay;
mod report;
mod simulate;
mod why;

use std::fmt::Display;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config;

/// Контакт-центр консультационной линии.
#[derive(Debug, Parser)]
#[command(name = "liniya", version, about)]
struct Arguments {
    /// Файл настроек.
    #[arg(long, global = true, default_value = "liniya.toml")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Запустить службу.
    Serve,
    /// Проверить настройки, сценарии и базу знаний: файл, строка и что сделать.
    Check {
        /// Вместо этого проверить, верно ли понимаются проверочные фразы (intents/held_out).
        #[arg(long)]
        phrases: bool,
    },
    /// Поговорить со сценарием в терминале: реплика, цифра клавиши или пустая строка — молчание.
    Simulate {
        /// Имя сценария, например consultation.
        script: String,
    },
    /// Нарисовать сценарий: картинка SVG на стандартный вывод.
    Graph {
        /// Имя сценария, например consultation.
        script: String,
        /// Отметить узлы и переходы, которых нет ни в одном образце разговора.
        #[arg(long)]
        coverage: bool,
    },
    /// Перезагрузить сценарии работающей службы: начатые звонки идут по прежним.
    Reload,
    /// Объявление, которое звонящие слышат первым: включить, снять, показать.
    Broadcast(broadcast::Wish),
    /// Показать ход звонка по журналу.
    Ladder {
        /// Номер звонка, например 17 или C17; без номера — последний.
        call: Option<String>,
        /// Показать номера и слова звонившего.
        #[arg(long)]
        show_personal: bool,
        /// Без времени: для сравнения ходов.
        #[arg(long)]
        no_time: bool,
    },
    /// Показать, почему клиент ждал: место в очереди и причина по каждому сотруднику.
    Why {
        /// Номер звонка, например 17 или C17; без номера — последний, кто ждал.
        call: Option<String>,
    },
    /// Показать журнал действий: входы, доступ, объявления, сценарии, управление сменой.
    Audit {
        /// Только этого сотрудника: логин.
        #[arg(long)]
        by: Option<String>,
        /// Только за этот день, ГГГГ-ММ-ДД.
        #[arg(long)]
        day: Option<String>,
    },
    /// Показать обращения по журналу: записи на приём, жалобы без ответа, обратные звонки.
    Cases {
        /// Показать имена и номера.
        #[arg(long)]
        show_personal: bool,
    },
    /// Восстановить состояние и числа из журнала и сравнить с базой и работающей службой.
    Replay,
    /// Сводка по линиям и услугам.
    Report {
        /// Первый день, ГГГГ-ММ-ДД; по умолчанию сегодня.
        #[arg(long)]
        from: Option<String>,
        /// Последний день; по умолчанию первый.
        #[arg(long)]
        to: Option<String>,
        /// Вид: text, csv или json.
        #[arg(long, default_value = "text")]
        format: report::Format,
    },
    /// Модели распознавания речи: какие есть, проверить, скачать, выбрать.
    Models {
        #[command(subcommand)]
        wanted: models::Models,
    },
    /// Получить password_hash для настроек: пароль читается со стандартного ввода.
    HashPassword,
}

/// Runs what the command line asks for.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // A variable that is no text is nobody's setting.
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let config = || config::load(&arguments.config, variables).map_err(anyhow::Error::from);
    let result = match arguments.command {
        Command::Serve => config().and_then(super::serve::serve),
        Command::Check { phrases: true } => config().and_then(|config| phrases::check(&config)),
        Command::Check { phrases: false } => config().and_then(|config| check::check(&config)),
        Command::Simulate { script } => config().and_then(|config| simulate::run(&config, &script)),
        Command::Graph { script, coverage } => {
            config().and_then(|config| graph::show(&config, &script, coverage))
        }
        Command::Reload => config().and_then(|config| reload::reload(&config)),
        Command::Broadcast(wish) => config().and_then(|config| broadcast::run(&config, wish)),
        Command::Ladder {
            call,
            show_personal,
            no_time,
        } => config()
            .and_then(|config| ladder::show(&config, call.as_deref(), show_personal, no_time)),
        Command::Why { call } => config().and_then(|config| why::show(&config, call.as_deref())),
        Command::Audit { by, day } => {
            config().and_then(|config| audit::show(&config, by.as_deref(), day.as_deref()))
        }
        Command::Cases { show_personal } => {
            config().and_then(|config| cases::show(&config, show_personal))
        }
        Command::Replay => config().and_then(|config| replay::replay(&config)),
        Command::Report { from, to, format } => config()
            .and_then(|config| report::show(&config, from.as_deref(), to.as_deref(), format)),
        Command::Models {
            wanted: models::Models::Probe { model, library },
        } => {
            models::probe(&model, library.as_deref());
            Ok(())
        }
        Command::Models { wanted } => config().and_then(|config| models::run(&config, wanted)),
        Command::HashPassword => hash_password(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "Ошибка: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn hash_password() -> anyhow::Result<()> {
    let mut password = String::new();
    std::io::stdin().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    anyhow::ensure!(
        !password.is_empty(),
        "введите пароль строкой на стандартный ввод"
    );
    say(crate::organisation::hash_password(password).map_err(anyhow::Error::msg)?);
    Ok(())
}

/// A line to standard output; a closed pipe is the reader's choice.
fn say(line: impl Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
