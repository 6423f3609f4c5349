"""Words of dates in exports: months, units of `2 days ago`, abbreviations of time zones."""

from __future__ import annotations

import re

_MONTHS = (
    "jan january januar janvier janv enero ene janeiro gennaio gen januari ocak oca stycznia styczeń sty января янв январь يناير มกราคม जनवरी",
    "feb february februar február février fevrier févr fevr febrero fevereiro fev febbraio februari şubat şub lutego luty lut февраля фев февр февраль فبراير กุมภาพันธ์ फ़रवरी फरवरी",
    "mar march märz maerz mrz mars marzo março marco maret maart mart marca marzec марта мар март مارس มีนาคม मार्च",
    "apr april avril avr abril abr aprile nisan nis kwietnia kwiecień kwi апреля апр апрель أبريل ابريل เมษายน अप्रैल",
    "may mai mayo maio mag maggio mei mayıs maja maj мая май مايو พฤษภาคม मई",
    "jun june juni juin junio junho giugno giu haziran haz czerwca czerwiec cze июня июн июнь يونيو มิถุนายน जून",
    "jul july juli juillet juil julio julho luglio lug temmuz tem lipca lipiec lip июля июл июль يوليو กรกฎาคม जुलाई",
    "aug august août aout agosto ago agustus agu agt augustus ağustos ağu sierpnia sierpień sie августа авг август أغسطس اغسطس สิงหาคม अगस्त",
    "sep sept september septembre septiembre setembro set settembre eylül eyl września wrzesień wrz сентября сен сент сентябрь سبتمبر กันยายน सितंबर सितम्बर",
    "oct october oktober okt octobre octubre outubro out ottobre ott ekim eki października październik paź октября окт октябрь أكتوبر اكتوبر ตุลาคม अक्टूबर अक्तूबर",
    "nov november novembre noviembre novembro nopember kasım kas listopada listopad lis ноября ноя нояб ноябрь نوفمبر พฤศจิกายน नवंबर नवम्बर",
    "dec december dezember dez décembre decembre déc diciembre dic dezembro dicembre desember des aralık ara grudnia grudzień gru декабря дек декабрь ديسمبر ธันวาคม दिसंबर दिसम्बर",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
# Abbreviations that are one zone's, hours from UTC; IST, BST and CST of China are several's.
ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2, "eest": 3, "msk": 3,
    "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "brt": -3, "jst": 9, "kst": 9, "sgt": 8,
    "wib": 7, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
AGO = re.compile(
    r"(?:vor |il y a |hace |há |ha |przed )?(?P<n>[0-9]+|an?|one|un|une|ein|einem|einer) ?(?P<unit>[^\W\d]+?)"
    r"(?: ?ago| fa| atrás| yang lalu| lalu| önce| temu| назад| geleden| ?前| ?전)?",
    re.I,
)
AGO_UNITS = {
    "s": "seconds", "sec": "seconds", "second": "seconds", "min": "minutes", "minute": "minutes", "h": "hours", "hr": "hours",
    "hour": "hours", "stunde": "hours", "stunden": "hours", "d": "days", "day": "days", "tag": "days", "tagen": "days", "tage": "days",
    "jour": "days", "día": "days", "dia": "days", "giorno": "days", "giorni": "days", "hari": "days",
    "w": "weeks", "wk": "weeks", "week": "weeks", "woche": "weeks", "wochen": "weeks", "semaine": "weeks", "semana": "weeks",
    "settimana": "weeks", "settimane": "weeks", "minggu": "weeks",
    "gün": "days", "hafta": "weeks", "saat": "hours", "dni": "days", "dzień": "days", "tygodnie": "weeks", "день": "days",
    "дня": "days", "дней": "days", "час": "hours", "часа": "hours", "часов": "hours", "неделю": "weeks", "недели": "weeks",
    "dagen": "days", "dag": "days", "weken": "weeks", "天": "days", "日": "days", "일": "days", "小时": "hours", "時間": "hours",
    "시간": "hours", "周": "weeks", "週間": "weeks", "주": "weeks", "分钟": "minutes", "分": "minutes", "분": "minutes",
}  # fmt: skip
# days before the file was made
DAYS_NAMED = {"today": 0, "heute": 0, "hoy": 0, "hoje": 0, "oggi": 0, "aujourd'hui": 0, "今天": 0, "yesterday": 1, "gestern": 1,
              "ayer": 1, "ontem": 1, "ieri": 1, "hier": 1, "昨天": 1, "kemarin": 1}  # fmt: skip
