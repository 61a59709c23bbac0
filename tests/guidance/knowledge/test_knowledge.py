"""The knowledge files hold all that was agreed, and their words keep to the wording rules."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from guidance.knowledge import FOLDER, current_knowledge
from guidance.knowledge.validation import FIELDS, FORMS, problems
from guidance.rules.catalogue import Cause, Check, Remedy
from guidance.rules.ids import IDS
from guidance.rules.said import Said, Value
from guidance.rules.types import AREAS
from guidance.saying import LENGTHS, NOT_KNOWN, READS, say
from tests.guidance.logs import day
from tests.serving import ROOT

ARTICLE_CAUSES = "pelvic_misalignment overlengthened_hamstrings weak_glutes"
EXPLANATIONS = (
    "doms load_spike acute_hamstring_strain proximal_hamstring_tendinopathy sciatic_neural"
    " low_back_referred bone_stress_injury non_hamstring_area"
)
OUTCOMES = "insufficient_data no_pattern withheld"
SIGNALS = (
    "front_co_tight front_clear front_short front_free low_back_co low_back_clear tilt_marked"
    " long_sitting slr_long slr_ample slr_limited reach_long reach_short stretch_no_help"
    " stretch_worse stretch_lasting stretch_often late_onset long_run_link bridge_low bridge_asym"
    " bridge_felt_ham bridge_good ham_bridge_low hip_control_poor plank_low glute_co one_sided"
    " both_sides unusual_load fast_fade slow_fade load_up load_steady sudden_moment pull_pain"
    " past_strain sit_bone_spot sit_worse warm_then_return sit_bone_clear below_knee nerve_pos"
    " nerve_neg back_linked"
)
PATTERNS = (
    "recurring single_episode one_sided bilateral worsening improving after_hard_run"
    " after_long_run morning_after doms_window session_spike week_jump spike_response non_recovery"
    " co_occurrence stretch_no_help remedy_response sparse"
)
CHECKS = (
    "single_leg_bridge hamstring_bridge straight_leg_raise toe_touch heel_to_seat thomas_edge"
    " plank single_leg_squat single_leg_stand pelvic_tilt_view nerve_tension sit_bone heel_dig"
)
QUESTIONS = (
    "onset spot sitting_hours sitting_effect stretch_effect stretch_habit warm_up_effect"
    " back_linked past_strain_months cold_sensitivity warning_screen bone_risk stopped_running"
    " care_first recheck_72h checkin_7days run_log front_hip_log"
)
REMEDIES = (
    "standing_quad_stretch cat_cow plank single_leg_glute_bridge gentle_supine_hamstring_stretch"
    " ice compression_shorts stair_climber swimming massage physical_therapy foam_rolling"
    " load_reduction side_lying_hip_abduction isometric_hamstring_hold sit_bone_loading"
    " eccentric_hamstring sit_break"
)
ASKED_FLAGS = (
    "saddle_bladder_bowel both_legs_weak leg_giving_way cannot_bear_weight calf_swelling"
    " chest_breathless dark_urine fever_unwell sudden_pop bruising_swelling numb_tingle night_pain"
    " bone_point_pain hop_pain limp tight_numb_limb leg_pain_stops_walking cancer_weight_loss"
)
DERIVED_FLAGS = (
    "pain_over_5 sudden_onset pain_persists worsening_pain non_recovery tendon_nerve_2wk"
    " not_responding"
)
URGENT_FLAGS = (
    "saddle_bladder_bowel both_legs_weak leg_giving_way cannot_bear_weight calf_swelling"
    " chest_breathless dark_urine fever_unwell tight_numb_limb"
)
SHORT_NAMES = {
    "PM": "cause:pelvic_misalignment",
    "OL": "cause:overlengthened_hamstrings",
    "WG": "cause:weak_glutes",
    "DOM": "alt:doms",
    "LOD": "alt:load_spike",
    "STR": "alt:acute_hamstring_strain",
    "PHT": "alt:proximal_hamstring_tendinopathy",
    "NEU": "alt:sciatic_neural",
    "LBR": "alt:low_back_referred",
}
# The agreed weights, one signal a line; a variant stands behind the signal's name and a slash.
WEIGHTS = """
front_co_tight PM+2
front_clear PM-1
front_short PM+2
front_free PM-2
low_back_co PM+1 LBR+1
low_back_clear PM-1 LBR-2
tilt_marked PM+1
long_sitting PM+1 LBR+1
slr_long OL+3
slr_ample OL+1
slr_limited OL-2
slr_limited/short OL-3
reach_long OL+1
reach_short OL-1
stretch_no_help OL+2
stretch_no_help/brief OL+1
stretch_worse OL+2 PHT+2 NEU+2
stretch_lasting OL-2 PHT-1 NEU-1
stretch_often OL+1
late_onset WG+2
long_run_link WG+1
bridge_low WG+2
bridge_asym WG+2
bridge_felt_ham WG+1
bridge_good WG-2
ham_bridge_low WG+1
hip_control_poor WG+1
plank_low WG+1 PM+1
glute_co WG+1 PHT+1
one_sided STR+1 PHT+1 NEU+1 DOM-2
both_sides DOM+1 OL+1 STR-2
unusual_load DOM+3
fast_fade DOM+2
slow_fade DOM-3 STR+1
load_up LOD+2
load_up/spike_response LOD+3
load_steady LOD-2
sudden_moment STR+3 DOM-3 PM-2 OL-2 WG-2
sudden_moment/within_a_run STR+1 DOM-1
pull_pain STR+2 PHT+1
past_strain STR+1
sit_bone_spot PHT+3 PM-1 OL-1 WG-1
sit_worse NEU+1 LBR+1
sit_worse/with_sit_bone PHT+2
warm_then_return PHT+1
sit_bone_clear PHT-3
below_knee NEU+3 PM-2 OL-2 WG-2
nerve_pos NEU+1
nerve_pos/with_below_knee NEU+3
nerve_neg NEU-2
back_linked LBR+3
back_linked/no LBR-2
"""

# What no text may say, whoever edits it: names for things that a log cannot know, and advice
# or promises that are a clinician's to give.
FORBIDDEN = (
    r"\byou have\b",
    r"\byou've\b",
    r"\bdiagnos",
    r"\binjury caused by\b",
    r"\bnot firing\b",
    r"\bpelvis is out\b",
    r"\bdamage",
    r"\btear(s|ing)?\b",
    r"\btorn\b",
    r"\bruptur",
    r"\b(medicine|medication|painkiller|tablet|drug|ibuprofen|paracetamol|anti-inflammatory)s?\b",
    r"\b(scan|mri|x-ray|ultrasound)s?\b",
    r"\b(injection|cortisone|steroid)s?\b",
    r"\bguarantee",
    r"\bwill (heal|be gone|go away|recover|disappear|settle|be better)\b",
    r"\bcures?\b",
    r"\b(certainly|definitely)\b",
    r"\b(color|center|centered|behavior|gray)\b",
)
ALLOWED = {
    ("words.toml", "words", "Not a diagnosis"),
    # The two lines that quote the flag itself.
    ("flags.toml", "flag:sudden_pop", "A pop or a sudden tear"),
    (
        "flags.toml",
        "flag:sudden_pop",
        "Did you feel or hear a pop, or something tear, all of a sudden?",
    ),
    # Been to a physiotherapist: no claim of what somebody has.
    (
        "sentences.toml",
        "plan",
        "A reminder once a week. Take it out once you have been.",
    ),
}


def ids(prefix: str, names: str) -> list[str]:
    return [prefix + name for name in names.split()]


def texts(value: Any, file: str, entry: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text of a file with the id of its entry. Titles of sources are not our words."""
    if isinstance(value, str):
        yield file, entry, value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item, file, entry)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from texts(item, file, str(value.get("id", entry or name)))


def all_texts() -> list[tuple[str, str, str]]:
    files = [path for path in sorted(FOLDER.glob("*.toml")) if path.name != "sources.toml"]
    return [text for path in files for text in texts(tomllib.loads(path.read_text()), path.name)]


def test_knowledge_is_read_once() -> None:
    assert current_knowledge() is current_knowledge()


def test_knowledge_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        current_knowledge().words["evidence"]["limited"] = "certain"


def test_causes_are_the_agreed_ones() -> None:
    by_kind: dict[str, list[str]] = {}
    for cause in current_knowledge().causes.values():
        by_kind.setdefault(cause.kind, []).append(cause.id)
    assert by_kind == {
        "article": ids("cause:", ARTICLE_CAUSES),
        "competing": ids("alt:", EXPLANATIONS),
        "outcome": ids("", OUTCOMES),
    }
    assert (len(by_kind["article"]), len(by_kind["competing"])) == (3, 8)


def test_ties_are_broken_in_the_agreed_order() -> None:
    ranked = sorted(current_knowledge().causes.values(), key=lambda cause: cause.rank)
    order = ["PM", "OL", "WG", "STR", "NEU", "PHT", "LBR", "LOD", "DOM"]
    assert [cause.id for cause in ranked][:9] == [SHORT_NAMES[short] for short in order]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("signals", ids("sig:", SIGNALS)),
        ("patterns", ids("pattern:", PATTERNS)),
        ("checks", ids("check:", CHECKS)),
        ("questions", ids("ask:", QUESTIONS)),
        ("remedies", ids("remedy:", REMEDIES)),
        ("flags", ids("flag:", f"{ASKED_FLAGS} {DERIVED_FLAGS}")),
    ],
)
def test_every_agreed_id_is_there_and_no_other(kind: str, expected: list[str]) -> None:
    assert sorted(getattr(current_knowledge(), kind)) == sorted(expected)


def test_counts_are_the_agreed_ones() -> None:
    asked = [flag for flag in current_knowledge().flags.values() if flag.asked]
    assert len(asked) == 18
    assert len(current_knowledge().flags) - len(asked) == 7
    assert (len(current_knowledge().checks), len(current_knowledge().remedies)) == (13, 18)


def test_weights_are_the_agreed_ones() -> None:
    agreed = {}
    for line in WEIGHTS.split("\n")[1:-1]:
        name, *points = line.split()
        agreed[name] = {SHORT_NAMES[point[:-2]]: int(point[-2:]) for point in points}
    found = {}
    for signal in current_knowledge().signals.values():
        name = signal.id.removeprefix("sig:")
        found[name] = dict(signal.weights)
        found |= {f"{name}/{form}": dict(points) for form, points in signal.variants.items()}
    assert found == agreed


def test_signals_that_say_the_same_are_capped() -> None:
    found = {cap.signals: (cap.cause, cap.most) for cap in current_knowledge().caps}
    assert found == {
        ("sig:bridge_low", "sig:bridge_asym"): ("cause:weak_glutes", 3),
        ("sig:stretch_no_help", "sig:stretch_worse"): ("cause:overlengthened_hamstrings", 2),
    }


@pytest.mark.parametrize(
    ("pairs", "checks"),
    [
        ("PM-WG", "heel_to_seat single_leg_bridge"),
        ("PM-OL OL-WG", "straight_leg_raise"),
        ("OL-PHT WG-PHT", "sit_bone"),
        ("OL-NEU NEU-LBR PHT-NEU", "nerve_tension"),
    ],
)
def test_best_splits_are_the_agreed_ones(pairs: str, checks: str) -> None:
    found = {frozenset(split.causes): split.checks for split in current_knowledge().splits}
    assert len(found) == 8
    for pair in pairs.split():
        causes = frozenset(SHORT_NAMES[short] for short in pair.split("-"))
        assert found[causes] == tuple(ids("check:", checks))


@pytest.mark.parametrize(
    ("cause", "plan"),
    [
        (
            "PM",
            "standing_quad_stretch cat_cow single_leg_glute_bridge plank sit_break foam_rolling",
        ),
        ("OL", "single_leg_glute_bridge isometric_hamstring_hold plank eccentric_hamstring"),
        ("WG", "single_leg_glute_bridge plank side_lying_hip_abduction"),
        ("DOM", "load_reduction massage swimming ice compression_shorts foam_rolling"),
        ("LOD", "load_reduction swimming massage"),
        ("STR", "load_reduction physical_therapy ice"),
        ("PHT", "load_reduction isometric_hamstring_hold sit_break physical_therapy"),
        ("NEU", "load_reduction physical_therapy sit_break"),
        ("LBR", "cat_cow sit_break plank"),
    ],
)
def test_starter_plans_are_the_agreed_ones(cause: str, plan: str) -> None:
    assert current_knowledge().causes[SHORT_NAMES[cause]].starter_plan == tuple(
        ids("remedy:", plan)
    )


def test_levels_of_asked_signs_are_the_agreed_ones() -> None:
    urgent = {
        flag.id for flag in current_knowledge().flags.values() if flag.level == "escalate:urgent"
    }
    assert urgent == set(ids("flag:", URGENT_FLAGS))
    assert {flag.id for flag in current_knowledge().flags.values() if flag.bone} == {
        "flag:bone_point_pain",
        "flag:hop_pain",
    }
    assert {flag.id for flag in current_knowledge().flags.values() if flag.routine} == {
        "flag:tendon_nerve_2wk",
        "flag:not_responding",
    }


def test_warning_screen_has_four_short_groups() -> None:
    sizes: dict[str, int] = {}
    for flag in current_knowledge().flags.values():
        if flag.asked:
            sizes[flag.group] = sizes.get(flag.group, 0) + 1
    assert list(sizes) == list(current_knowledge().words["flag_groups"])
    assert max(sizes.values()) <= 5


def test_every_source_is_named_only_once_and_used_with_care() -> None:
    sources = current_knowledge().sources
    assert sources["JUDGE"].words == "our judgement"
    assert sources["frandsen2025"].url == "https://doi.org/10.1136/bjsports-2024-109380"
    assert all(source.url.startswith("https://") for source in sources.values() if source.url)


def test_nothing_is_from_memory_or_not_seen() -> None:
    files = [*FOLDER.glob("*.toml"), *(ROOT / "templates").rglob("*.*")]
    doubtful = re.compile(r"from memory|not seen|not read again", re.IGNORECASE)
    assert [path.name for path in files if doubtful.search(path.read_text())] == []


def weighed() -> list[Cause | Check | Remedy]:
    """What has evidence: each cause, explanation, self-check and remedy."""
    known = current_knowledge()
    causes = [cause for cause in known.causes.values() if cause.kind != "outcome"]
    return [*causes, *known.checks.values(), *known.remedies.values()]


@pytest.mark.parametrize("entry", weighed(), ids=lambda entry: entry.id)
def test_each_says_what_was_found_or_that_it_is_opinion(entry: Cause | Check | Remedy) -> None:
    assert entry.found or entry.evidence == "opinion"


@pytest.mark.parametrize("entry", weighed(), ids=lambda entry: entry.id)
def test_no_study_is_cited_for_nothing(entry: Cause | Check | Remedy) -> None:
    used = {key for found in entry.found for key in found.sources}
    assert used == set(entry.sources) - {"ARTICLE", "JUDGE"}


def test_what_was_found_has_the_figures_of_the_knowledge_base() -> None:
    docs = [(ROOT / "docs" / name).read_text() for name in ("knowledge.md", "knowledge-sources.md")]
    known = figures("\n".join(docs))
    for entry in weighed():
        for found in entry.found:
            assert figures(found.words) - known == set(), entry.id


def figures(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d{3})", "", text)))


def test_stretching_is_kept_from_long_hamstrings() -> None:
    blocks = current_knowledge().remedies["remedy:gentle_supine_hamstring_stretch"].blocks
    raises = {block.when: block.at_least for block in blocks if block.when.startswith("raise")}
    assert raises == {"raise_above_or_unknown": 75, "raise_at_least": 80}


@pytest.mark.parametrize("remedy", ids("remedy:", "physical_therapy sit_break"))
def test_some_remedies_are_never_blocked(remedy: str) -> None:
    assert current_knowledge().remedies[remedy].blocks == ()


def test_every_result_falls_into_one_band() -> None:
    for check in current_knowledge().checks.values():
        if not check.options:
            assert check.bands[0].low is None
            assert check.bands[-1].high is None
            gaps = [
                (after.low or 0) - (before.high or 0)
                for before, after in zip(check.bands, check.bands[1:], strict=False)
            ]
            # A result is a whole number or, as a mean of two tries, a half.
            assert all(0 < gap <= 0.5 for gap in gaps), check.id


def test_every_choice_has_a_band() -> None:
    for check in current_knowledge().checks.values():
        assert not check.options or [band.value for band in check.bands] == [
            option.value for option in check.options
        ]


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_words_keep_to_the_wording_rules(pattern: str) -> None:
    found = {text for text in all_texts() if re.search(pattern, text[2], re.IGNORECASE)}
    assert found - ALLOWED == set()


def test_every_allowed_exception_is_still_needed() -> None:
    assert set(all_texts()) >= ALLOWED


@pytest.mark.parametrize("clause", ["Left out because {}.", "Not if {}."])
def test_words_of_blocks_are_clauses(clause: str) -> None:
    remedies, checks = current_knowledge().remedies.values(), current_knowledge().checks.values()
    blocks = [block for remedy in remedies for block in remedy.blocks]
    blocks += [block for check in checks for block in check.blocks]
    assert blocks
    for words in [say(block.said) for block in blocks]:
        assert not words.endswith("."), words
        assert words[0].islower(), words
        assert clause.format(words).count(".") == 1


def test_templates_use_the_agreed_fields_only() -> None:
    for signal in current_knowledge().signals.values():
        answer = Said("answer.yes")
        several = "{answer:" in signal.words
        fields = dict.fromkeys(FIELDS["sig"] - {"answer"}, "7")
        assert say(Said(signal.id, answer=(answer,) if several else answer, **fields))
    known: dict[str, Value] = {"area": "calf", "side": "left", "other": "quad", "on": day(3)}
    known |= {"run": Said("unusual_run.race"), "remedy": Said("plan.itself")}
    filled = dict.fromkeys(FIELDS["pattern"], 7) | known
    for pattern in current_knowledge().patterns.values():
        for key in (pattern.id, *(f"{pattern.id}.{form}" for form in pattern.forms)):
            assert NOT_KNOWN not in say(Said(key, **filled))


def test_every_form_of_a_field_can_be_said() -> None:
    assert {*READS, *LENGTHS} == FORMS


def test_every_sentence_about_the_athlete_is_one_of_its_own_where_it_speaks_of_you() -> None:
    for sentence in current_knowledge().sentences.values():
        assert not re.search(r"\byou", sentence.about, re.IGNORECASE), sentence


def test_every_area_outside_the_article_has_its_sentence() -> None:
    for area in AREAS:
        assert area == "hamstring" or say(Said(f"outside.{area}"))


@pytest.mark.slow
@pytest.mark.parametrize("id_", sorted(IDS))
def test_what_code_names_cannot_be_missing(id_: str) -> None:
    """Whatever shelf it stands on: the one line names the file and the id."""
    shelves: dict[str, Any] = {
        name: {key: one for key, one in getattr(current_knowledge(), name).items() if key != id_}
        for name in ("causes", "signals", "patterns", "checks", "questions", "remedies", "flags")
    }
    levels = {key: level for key, level in current_knowledge().levels.items() if key != id_}
    without = replace(current_knowledge(), **shelves, levels=levels)

    said = [line for line in problems(without) if "code names it" in line]
    assert len(said) == 1
    assert id_ in said[0]


@pytest.mark.slow
def test_code_names_no_id_twice() -> None:
    """One definition each, and no loose ones: `guidance/rules/ids.py` has them all."""
    with_shelf = {id_ for id_ in IDS if ":" in id_}  # the others are sentences as well
    found = [
        f"{path.name}:{node.lineno} {node.value!r}"
        for path in sorted((ROOT / "guidance").rglob("*.py"))
        if "migrations" not in path.parts
        and path.name not in {"ids.py", "catalogue.py", "types.py"}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in with_shelf
    ]
    assert found == []


def test_each_question_has_a_topic_and_a_request_for_data_none() -> None:
    questions = current_knowledge().questions.values()
    assert [q.id for q in questions if bool(q.topic) == (q.answer == "data")] == []
