"""A knowledge file that is wrong says so in one line: file, entry, field and what is wrong."""

import shutil
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from guidance.knowledge import FOLDER, KnowledgeError, load

# What is done to which file, and the line it gives: file, good text, bad text, line.
BROKEN = {
    "unknown cause": (
        "signals.toml",
        '"cause:pelvic_misalignment" = 2 }',
        '"cause:pelvis" = 2 }',
        "signals.toml, sig:front_co_tight, weights: unknown cause 'cause:pelvis'",
    ),
    "clue without a name whose words have a field": (
        "signals.toml",
        'name = "Plank held only a short time"\n',
        "",
        "signals.toml, sig:plank_low, name: must be there, and without a field: the words have one",
    ),
    "unknown remedy": (
        "causes.toml",
        '"remedy:sit_break", "remedy:foam_rolling"]',
        '"remedy:sit_break", "remedy:yoga"]',
        "causes.toml, cause:pelvic_misalignment, starter_plan: unknown remedy 'remedy:yoga'",
    ),
    "unknown next step": (
        "causes.toml",
        '"check:thomas_edge"]',
        '"check:thomas"]',
        "causes.toml, cause:pelvic_misalignment, best_next:"
        " unknown check or question 'check:thomas'",
    ),
    "unknown source": (
        "patterns.toml",
        'sources = ["JUDGE"]',
        'sources = ["judge"]',
        "patterns.toml, pattern:recurring, sources: unknown source 'judge'",
    ),
    "source that nothing cites": (
        "sources.toml",
        'key = "goom2016"',
        'key = "hooper1995"\nwords = "Hooper"\n\n[[source]]\nkey = "goom2016"',
        "sources.toml, hooper1995: no entry cites it",
    ),
    "finding from a source that the entry does not cite": (
        "causes.toml",
        'sources = ["schuermans2017emg"] }',
        'sources = ["mills2015"] }',
        "causes.toml, cause:weak_glutes, found.1.sources: unknown source of this entry 'mills2015'",
    ),
    "finding without a source": (
        "causes.toml",
        'sources = ["schuermans2017emg"] }',
        "sources = [] }",
        "causes.toml, cause:weak_glutes, found.1.sources: is empty",
    ),
    "unknown source of a sentence": (
        "words.toml",
        '"thomee1997", "bim", "JUDGE"]',
        '"thomee1997", "bam", "JUDGE"]',
        "words.toml, words.sources.pain_rule_known: unknown source 'bam'",
    ),
    "source of no sentence": (
        "words.toml",
        'exercise_rule = ["JUDGE"]',
        'exercise = ["JUDGE"]',
        "words.toml, words.sources.exercise: there is no sentence of this name",
    ),
    "unknown flag": (
        "remedies.toml",
        'flag = "flag:numb_tingle"',
        'flag = "flag:numb"',
        "remedies.toml, remedy:cat_cow, blocks.1.flag: unknown flag 'flag:numb'",
    ),
    "unknown area": (
        "remedies.toml",
        'areas = ["knee"]',
        'areas = ["elbow"]',
        "remedies.toml, remedy:standing_quad_stretch, blocks.1.areas: unknown area 'elbow'",
    ),
    "unknown condition": (
        "checks.toml",
        'when = "strain_suspected"',
        'when = "strain"',
        "checks.toml, check:single_leg_bridge, blocks.2.when: unknown condition 'strain'",
    ),
    "unknown option": (
        "remedies.toml",
        'values = ["worse"]',
        'values = ["worst"]',
        "remedies.toml, remedy:gentle_supine_hamstring_stretch, blocks.9.values:"
        " unknown option 'worst'",
    ),
    "condition without its argument": (
        "remedies.toml",
        '{ when = "strain_first", hours = 72, says',
        '{ when = "strain_first", says',
        "remedies.toml, remedy:swimming, blocks.1.hours: is missing for 'strain_first'",
    ),
    "condition with an argument too many": (
        "remedies.toml",
        '{ when = "asked", says = "block.kick',
        '{ when = "asked", hours = 3, says = "block.kick',
        "remedies.toml, remedy:swimming, blocks.3.hours: means nothing for 'asked'",
    ),
    "entry without words": (
        "patterns.toml",
        'name = "One bout"',
        'name = " "',
        "patterns.toml, pattern:single_episode, name: has no words",
    ),
    "fixed sentence without words": (
        "words.toml",
        'general = "General information for runners.',
        'general = ""  # "General information for runners.',
        "words.toml, words, general: has no words",
    ),
    "step without words": (
        "remedies.toml",
        '"Keep the knees level and the trunk upright."',
        '""',
        "remedies.toml, remedy:standing_quad_stretch, steps.3: has no words",
    ),
    "weight too high": (
        "signals.toml",
        '{ "cause:overlengthened_hamstrings" = 3 }',
        '{ "cause:overlengthened_hamstrings" = 4 }',
        "signals.toml, sig:slr_long, weights.cause:overlengthened_hamstrings:"
        " 4 is out of range: -3 to 3, and not 0",
    ),
    "weight of nothing": (
        "signals.toml",
        '{ "cause:overlengthened_hamstrings" = 3 }',
        '{ "cause:overlengthened_hamstrings" = 0 }',
        "signals.toml, sig:slr_long, weights.cause:overlengthened_hamstrings:"
        " 0 is out of range: -3 to 3, and not 0",
    ),
    "weight of a variant": (
        "signals.toml",
        'short = { "cause:overlengthened_hamstrings" = -3 }',
        'short = { "cause:overlengthened_hamstrings" = -9 }',
        "signals.toml, sig:slr_limited, variants.short.cause:overlengthened_hamstrings:"
        " -9 is out of range: -3 to 3, and not 0",
    ),
    "unknown field": (
        "flags.toml",
        'group = "now"',
        'groop = "now"',
        "flags.toml, flag:saddle_bladder_bowel, groop: unknown field",
    ),
    "missing field": (
        "flags.toml",
        'do = ["Call the emergency services now."]\n',
        "",
        "flags.toml, flag:chest_breathless, do: is missing",
    ),
    "missing question": (
        "flags.toml",
        'question = "Is it impossible to take four steps on the leg?"\n',
        "",
        "flags.toml, flag:cannot_bear_weight, question: is missing",
    ),
    "wrong type": (
        "checks.toml",
        "minutes = 5",
        'minutes = "5"',
        "checks.toml, check:single_leg_bridge, minutes: must be a whole number",
    ),
    "truth for a number": (
        "causes.toml",
        "rank = 1\n",
        "rank = true\n",
        "causes.toml, cause:pelvic_misalignment, rank: must be a whole number",
    ),
    "text for a list": (
        "patterns.toml",
        'sources = ["JUDGE"]',
        'sources = "JUDGE"',
        "patterns.toml, pattern:recurring, sources: must be a list",
    ),
    "word outside the choice": (
        "causes.toml",
        'evidence = "limited"',
        'evidence = "certain"',
        "causes.toml, cause:pelvic_misalignment, evidence:"
        " 'certain' is none of strong, moderate, limited, opinion",
    ),
    "duplicate id": (
        "remedies.toml",
        'id = "remedy:cat_cow"',
        'id = "remedy:standing_quad_stretch"',
        "remedies.toml, remedy:standing_quad_stretch, id: stands in the file twice",
    ),
    "wrong prefix": (
        "questions.toml",
        'id = "ask:front_hip_log"',
        'id = "front_hip_log"',
        "questions.toml, front_hip_log, id: must begin with ask:",
    ),
    "paragraph outside the article": (
        "causes.toml",
        "paragraphs = [3, 9]",
        "paragraphs = [3, 15]",
        "causes.toml, cause:pelvic_misalignment, paragraphs:"
        " the article has no paragraph 15, only 0 to 14",
    ),
    "note outside the article": (
        "article.toml",
        "paragraph = 14",
        "paragraph = -1",
        "article.toml, -1, paragraph: the article has no paragraph -1, only 0 to 14",
    ),
    "paragraph nobody wrote down": (
        "causes.toml",
        "paragraphs = [3, 9]",
        "paragraphs = [3, 8]",
        "causes.toml, cause:pelvic_misalignment, paragraphs: 8 is not in article.toml",
    ),
    "article without a paragraph": (
        "causes.toml",
        "paragraphs = [3, 9]\n",
        "",
        "causes.toml, cause:pelvic_misalignment, paragraphs:"
        " must be named where ARTICLE is a source, and only there",
    ),
    "unknown field of a template": (
        "signals.toml",
        "Plank held {value} s",
        "Plank held {seconds} s",
        "signals.toml, sig:plank_low, words:"
        " {seconds} is none of the fields answer, days, left, of, right, value",
    ),
    "format of a template": (
        "signals.toml",
        "Plank held {value} s",
        "Plank held {value:.1f} s",
        "signals.toml, sig:plank_low, words: {value:.1f} has no form that is known",
    ),
    "field of another sentence": (
        "sentences.toml",
        "Nothing logged for {days:day|days}",
        "Nothing logged for {of:day|days}",
        "sentences.toml, standing.nothing_for, you: {of:day|days} is none of the fields"
        " cause, causes, days, level, likelihood, place, words",
    ),
    "joined by nothing": (
        "sentences.toml",
        "Points to {causes:list.or}",
        "Points to {causes:list.nor}",
        "sentences.toml, standing.points_to, you: {causes:list.nor} has no form that is known",
    ),
    "voices that differ": (
        "patterns.toml",
        'about = "{change:point|points} better since they started {remedy}"',
        'about = "Better since they started {remedy}"',
        "patterns.toml, pattern:remedy_response, about: must use the same fields as words",
    ),
    "you to a coach": (
        "flags.toml",
        'about = "Pain that wakes them or never lets up"\n',
        "",
        "flags.toml, flag:night_pain, about: is missing: a coach would be called you",
    ),
    "block without its sentence": (
        "remedies.toml",
        'says = "block.kick_hurts"',
        'says = "block.kicks"',
        "remedies.toml, remedy:swimming, blocks.3.says: unknown sentence 'block.kicks'",
    ),
    "template with an open brace": (
        "patterns.toml",
        "{change:point|points} better than three weeks ago",
        "{change:point|points better than three weeks ago",
        "patterns.toml, pattern:improving, forms.three_weeks.you:"
        " cannot be formatted (unmatched '{' in format spec)",
    ),
    "bands that overlap": (
        "checks.toml",
        '{ word = "fair", low = 10,',
        '{ word = "fair", low = 9,',
        "checks.toml, check:single_leg_bridge, bands.2.low: must be above the band before it",
    ),
    "the same rank twice": (
        "causes.toml",
        "rank = 2\n",
        "rank = 1\n",
        "causes.toml, cause:overlengthened_hamstrings, rank:"
        " 1 is the rank of cause:pelvic_misalignment too",
    ),
    "unknown signal in a cap": (
        "words.toml",
        '"sig:bridge_asym"',
        '"sig:bridge_uneven"',
        "words.toml, cap 1, signals: unknown signal 'sig:bridge_uneven'",
    ),
    "one cause in a split": (
        "words.toml",
        'causes = ["cause:pelvic_misalignment", "cause:weak_glutes"]',
        'causes = ["cause:pelvic_misalignment"]',
        "words.toml, split 1, causes: must hold 2 values",
    ),
    "version below one": (
        "words.toml",
        "version = 2",
        "version = 0",
        "words.toml, version: must be 1 or more",
    ),
    "missing level": (
        "flags.toml",
        'id = "escalate:none"',
        'id = "escalate:ease_watch"',
        "flags.toml, escalate:ease_watch, id: stands in the file twice",
    ),
    "unknown table": (
        "questions.toml",
        "[[question]]",
        "[[questoin]]",
        "questions.toml: unknown table [questoin]",
    ),
    "not TOML": (
        "article.toml",
        "paragraph = 0",
        "paragraph 0",
        "article.toml: is not readable TOML"
        " (Expected '=' after a key in a key/value pair (at line 5, column 11))",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the knowledge files, to be broken."""
    for path in FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(("file", "good", "bad", "line"), BROKEN.values(), ids=list(BROKEN))
def test_broken_file_gives_one_clear_line(
    folder: Path, file: str, good: str, bad: str, line: str
) -> None:
    whole = (folder / file).read_text()
    assert good in whole
    (folder / file).write_text(whole.replace(good, bad, 1))

    with pytest.raises(KnowledgeError) as error:
        load(folder)

    assert str(error.value) == line


def test_missing_file_gives_one_clear_line(folder: Path) -> None:
    (folder / "signals.toml").unlink()

    with pytest.raises(KnowledgeError, match=r"^signals\.toml: cannot be read"):
        load(folder)


def test_empty_file_gives_one_clear_line(folder: Path) -> None:
    (folder / "remedies.toml").write_text("")

    with pytest.raises(KnowledgeError, match=r"^remedies\.toml: \[remedy\] is missing$"):
        load(folder)


def test_a_wrong_file_stops_the_start_with_its_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise KnowledgeError("signals.toml, sig:x, weights: 4 is out of range")

    monkeypatch.setattr("guidance.apps.current_knowledge", refuse)

    with pytest.raises(ImproperlyConfigured, match=r"^signals\.toml, sig:x, weights"):
        apps.get_app_config("guidance").ready()
