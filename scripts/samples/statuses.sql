-- Пример представления для реестра kind = "database": статус и срок по номеру заявления.
-- sqlite3 register.db < scripts/samples/statuses.sql, затем в настройках:
--   kind = "database"
--   url = "sqlite://register.db"
--   query = "SELECT status, due FROM statuses WHERE number = ?1"
CREATE TABLE applications (
    number TEXT PRIMARY KEY,  -- с контрольной цифрой (алгоритм Дамма)
    state TEXT NOT NULL,
    decide_until TEXT         -- ГГГГ-ММ-ДД
);
CREATE VIEW statuses AS
SELECT number, state AS status, decide_until AS due FROM applications;
INSERT INTO applications VALUES
    ('20260010', 'заявление зарегистрировано, документы проверяются', '2026-12-14'),
    ('20260029', 'заявление на рассмотрении', '2026-12-01'),
    ('20260032', 'решение принято, результат можно получить', NULL);
