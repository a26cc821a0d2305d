"""What the training voices read: words and phrases of a contact centre, and free Russian text.

usage: text.py COUNT SEED > sentences.txt

A sentence a line, lower case, Russian letters only. Three kinds, in equal shares of lines:
short answers as callers give them, free text, and single dictionary words in all their forms.
Short answers are many because they are what a menu hears; free text and dictionary words are
there so that a word which nobody thought of sounds right too.
"""

import glob
import random
import re
import subprocess
import sys

FORTUNES = "/usr/share/games/fortunes/ru/*"
DICTIONARY = ["/usr/share/hunspell/ru_RU.dic", "/usr/share/hunspell/ru_RU.aff"]

ONES = "ноль один два три четыре пять шесть семь восемь девять".split()
TEENS = """десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать
    семнадцать восемнадцать девятнадцать""".split()
TENS = "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто".split()
HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот".split()
OTHER_NUMBERS = """одна одно две нуль тысяча тысячи тысяч миллион миллиона миллионов миллиард минус
    плюс процент процентов рублей рубля единица двойка тройка четвёрка пятёрка полтора половина
    раз первое""".split()
ORDINALS = """первый второй третий четвёртый пятый шестой седьмой восьмой девятый десятый
    одиннадцатый двенадцатый тринадцатый четырнадцатый пятнадцатый шестнадцатый семнадцатый
    восемнадцатый девятнадцатый двадцатый тридцатый сороковой пятидесятый шестидесятый
    семидесятый восьмидесятый девяностый сотый""".split()
MONTHS = """январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь
    декабрь""".split()
OF_MONTHS = """января февраля марта апреля мая июня июля августа сентября октября ноября
    декабря""".split()
DAYS = """понедельник вторник среда среду четверг пятница пятницу суббота субботу
    воскресенье""".split()
WHEN = """утром|днём|вечером|ночью|сегодня|завтра|вчера|послезавтра|на следующей неделе|сейчас|потом
    |в любое время|после обеда|до обеда|в первой половине дня|во второй половине дня|позже
    |в ближайшее время|через час|в выходные|в будни|до полудня|после полудня|полдень|полночь"""
YES_NO = """да|нет|ага|угу|неа|верно|неверно|правильно|неправильно|конечно|конечно да|да конечно|да верно
    |нет неверно|нет не надо|не надо|хорошо|ладно|согласен|согласна|не согласен|не согласна|подтверждаю
    |не подтверждаю|точно|именно|так|не так|да да|нет нет|да всё верно|нет это не то|да спасибо
    |нет спасибо|хочу|не хочу|буду|не буду|есть|не знаю|может быть|наверное|не совсем|вполне"""
COMMANDS = """оператор|соедините с оператором|соединить с оператором|позовите человека|человек|специалист
    |сотрудник|живой человек|соедините|переключите|повторите|повтори|повторите пожалуйста|ещё раз|что
    |назад|вернуться|отмена|отменить|стоп|хватит|дальше|далее|вперёд|следующий|предыдущий|меню
    |главное меню|сначала|в начало|выход|закончить|до свидания|всего доброго|спасибо|алло|помощь|справка
    |подождите|минуту|минутку|секунду|готово|всё|другое|другой вопрос|ничего|не понял|не поняла|не слышу
    |громче|тише|медленнее|быстрее|пропустить|продолжить|начать|записать|записаться|перенести|изменить
    |удалить|добавить|выбрать|подтвердить|отказаться|пожаловаться|узнать|здравствуйте|добрый день
    |доброе утро|добрый вечер|пожалуйста|звёздочка|решётка|пауза|пароль|номер|код|голос|клавиша|очередь
    |перезвоните|перезвоните мне|не беспокоить|оставить сообщение|заказать звонок"""
RATINGS = """отлично|хорошо|нормально|удовлетворительно|плохо|очень плохо|ужасно|замечательно|так себе
    |доволен|довольна|недоволен|не доволен|не очень|средне|оценка {one}|{one} баллов|на {one}|ставлю {one}"""
SERVICES = """паспорт|загранпаспорт|замена паспорта|регистрация по месту жительства|временная регистрация
    |прописка|пособие|пособие на ребёнка|детское пособие|материнский капитал|субсидия|субсидии|льгота|льготы
    |субсидия на оплату коммунальных услуг|пенсия|пенсионный фонд|водительское удостоверение|права
    |замена водительских прав|регистрация автомобиля|штраф|штрафы|оплата штрафа|налог|налоги|налоговая
    |налоговый вычет|справка о доходах|справка о несудимости|выписка|выписка из реестра|свидетельство
    |свидетельство о рождении|свидетельство о браке|регистрация брака|развод|загс|запись в детский сад
    |детский сад|запись в школу|школа|запись к врачу|врач|поликлиника|терапевт|полис|медицинский полис
    |недвижимость|кадастр|кадастровый номер|земельный участок|социальная защита|соцзащита|социальная карта
    |инвалидность|жилищный вопрос|коммунальные услуги|квитанция|показания счётчика|счётчик|вода|газ|свет
    |электричество|отопление|жалоба|подать жалобу|обращение|статус заявления|готовность документов
    |консультация|часы работы|адрес|график работы|режим работы|многофункциональный центр|госуслуги|доверенность
    |подтверждение учётной записи|безработица|центр занятости|охотничий билет|архив|опека|усыновление
    |ипотека|бизнес|регистрация бизнеса|лицензия|лицензия на лом|лицензия на алкоголь|лицензирование|разрешение
    |технопарк|статус технопарка|индустриальный парк|промышленный кластер|меры поддержки|техническая поддержка
    |государственная поддержка|поддержка экспорта|поддержка предпринимателей|грант|гранты|кредит|льготный кредит
    |фонд развития промышленности|реестр|реестр производителей|промышленная продукция|маркировка|сертификация
    |обязательная маркировка|честный знак|декларация|декларация соответствия|сертификат|сертификат происхождения
    |таможня|импорт|экспорт|ввоз|вывоз|закупки|государственные закупки|импортозамещение|станки|оборудование
    |автомобили|утилизационный сбор|лекарства|медицинские изделия|драгоценные металлы|металлолом|лом металлов
    |заготовка лома|чёрные металлы|цветные металлы|нефть|химия|лесная промышленность|электроника|робототехника
    |запись на приём|записаться на приём|личный приём|приём граждан|подать заявление|подача заявления
    |перечень документов|нужные документы|документы|заявление|заявка|статус заявки|результат|результат
    рассмотрения|сроки|сроки рассмотрения|госпошлина|реквизиты|оплата|возврат|договор|соглашение|отчёт|отчётность
    |портал|сайт|личный кабинет|не работает портал|не открывается сайт|ошибка|ошибка в форме|электронная подпись
    |сбой|забыл пароль|восстановить пароль|регистрация|вход|приложение|телефон|электронная почта|почта|факс
    |контакты|министр|министерство|департамент|отдел|отдел кадров|бухгалтерия|приёмная|канцелярия|вакансии
    |пресс служба|обучение|переподготовка|аттестация|аккредитация|эксперт|экспертиза|проверка|проверки|надзор
    |юридическое лицо|физическое лицо|индивидуальный предприниматель|самозанятый|организация|предприятие|завод
    |производитель|поставщик|гражданин|иностранный гражданин|инвестор|инвестиции|инвестиционный проект"""
BEFORE = """мне нужна|мне нужен|мне нужно|я хочу|хочу узнать про|хочу спросить про|интересует|меня интересует
    |подскажите|скажите|мне пожалуйста|добрый день|здравствуйте|у меня вопрос|вопрос по поводу|как получить
    |можно|где получить|пожалуйста|ну|а|так|мне бы|насчёт|ну мне|я по поводу|я бы хотел|я бы хотела|давайте
    |наверное|алло|девушка|да|э|вот"""
AFTER = "пожалуйста|если можно|спасибо|да|наверное|вот|так|скорее всего|будьте добры|хочу|нужно|можно"


def options(text):
    """The alternatives of a list with bars."""
    return [" ".join(part.split()) for part in text.split("|")]


def number(n):
    """0–999 in words."""
    words = []
    if n >= 100:
        words.append(HUNDREDS[n // 100 - 1])
        n %= 100
        if not n:
            return words
    if n >= 20:
        words.append(TENS[n // 10 - 2])
        n %= 10
        if not n:
            return words
    return words + [TEENS[n - 10] if n >= 10 else ONES[n]]


def forms(ordinal):
    """An ordinal number in the forms that answers have: который, которая, которое, которого…"""
    if ordinal == "третий":
        return "третий третья третье третьего третьей третьему третьих".split()
    stem = ordinal[:-2]
    return [ordinal] + [stem + end for end in "ая ое ого ой ому ую ых".split()]


class Texts:
    """All that is read, drawn with one seed."""

    def __init__(self, seed):
        self.draw = random.Random(seed)
        self.ordinals = [form for ordinal in ORDINALS for form in forms(ordinal)]
        self.sentences, self.words = free_text()
        one = ["один", "два", "три", "четыре", "пять"]
        ratings = [r.format(one=o) for r in options(RATINGS) for o in one]
        single = ONES + TEENS + TENS + HUNDREDS + OTHER_NUMBERS + MONTHS + OF_MONTHS + DAYS
        # Weight, then what is drawn from.
        self.answers = [
            (22, single + ONES * 4 + TEENS * 2 + TENS + DAYS * 2),
            (12, self.ordinals),
            (14, options(YES_NO) + ["да", "нет"] * 8),
            (14, options(COMMANDS)),
            (18, options(SERVICES)),
            (3, ratings),
            (2, options(WHEN)),
        ]

    def pick(self, some):
        """One of them."""
        return self.draw.choice(some)

    def answer(self):
        """What a caller says to a menu."""
        weights = [weight for weight, _ in self.answers]
        phrase = self.pick(self.draw.choices(self.answers, weights)[0][1])
        kind = self.draw.random()
        if kind < 0.50:
            return phrase
        if kind < 0.64:
            phrase = self.pick(options(SERVICES + "|" + COMMANDS))
            before = self.pick(options(BEFORE)) if self.draw.random() < 0.7 else ""
            after = self.pick(options(AFTER)) if self.draw.random() < 0.4 else ""
            return f"{before} {phrase} {after}"
        if kind < 0.72:
            return " ".join(self.pick(ONES) for _ in range(self.draw.randint(2, 7)))
        if kind < 0.82:
            highest = self.pick([99, 999])
            count = self.draw.randint(1, 3)
            return " ".join(" ".join(number(self.draw.randint(10, highest))) for _ in range(count))
        return self.time() if self.draw.random() < 0.5 else self.date()

    def date(self):
        """A day: «на двадцать первое августа», «в четверг утром»."""
        if self.draw.random() < 0.4:
            when = self.pick(options(WHEN)) if self.draw.random() < 0.5 else ""
            return f"{self.pick(['', 'в', 'на'])} {self.pick(DAYS)} {when}"
        day = self.draw.randint(1, 31)
        tens = {2: "двадцать ", 3: "тридцать "}.get(day // 10, "") if day % 10 else ""
        base = day % 10 if tens else day
        at = base - 1 if base <= 20 else base // 10 + 17
        day_word = tens + self.pick([forms(ORDINALS[at])[2], forms(ORDINALS[at])[3]])
        return f"{self.pick(['', '', 'на', 'до'])} {day_word} {self.pick(OF_MONTHS)}"

    def time(self):
        """An hour: «в десять тридцать», «девять часов утра»."""
        hour = self.draw.randint(0, 23)
        unit = "часов"
        if hour % 10 == 1 and hour != 11:
            unit = "час"
        elif hour % 10 in (2, 3, 4) and not 11 < hour < 15:
            unit = "часа"
        minutes = self.pick([0, 0, 5, 10, 15, 20, 30, 30, 40, 45, 50])
        words = [self.pick(["", "в", "на", "к"]), *number(hour), self.pick(["", unit])]
        if minutes:
            words += [*number(minutes), self.pick(["", "минут"])]
        return " ".join(words + [self.pick(["", "", "утра", "вечера", "дня", "ровно"])])

    def line(self):
        """One utterance."""
        kind = self.draw.random()
        if kind < 0.50:
            return self.answer()
        if kind < 0.72:
            return self.pick(self.sentences)
        if kind < 0.90:
            return self.pick(self.words)
        return " ".join(self.pick(self.words) for _ in range(self.draw.randint(2, 4)))


def free_text():
    """Sentences of Debian's fortunes-ru, and every form of every word of hunspell-ru."""
    sentences = []
    for file in sorted(glob.glob(FORTUNES)):
        if file.endswith((".dat", ".u8")):
            continue
        with open(file, encoding="utf-8", errors="ignore") as text:
            for sentence in re.split(r"[.!?;:\n%]+", text.read().lower()):
                words = re.findall(r"[а-яё]+", sentence)
                if 3 <= len(words) <= 9 and not re.search(r"[a-z0-9]", sentence):
                    sentences.append(" ".join(words))
    listed = subprocess.run(["unmunch", *DICTIONARY], capture_output=True, check=False).stdout
    words = set(re.findall(r"^[а-яё]{3,14}$", listed.decode("utf-8", "ignore"), re.M))
    if len(sentences) < 1000 or len(words) < 10000:
        sys.exit("no text: install fortunes-ru, hunspell-ru and hunspell-tools")
    return sentences, sorted(words)


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    texts = Texts(seed)
    for _ in range(count):
        print(" ".join(texts.line().split()))


if __name__ == "__main__":
    main()
