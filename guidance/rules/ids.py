"""Every id of the knowledge that code names. The loader refuses knowledge that lacks one."""

from typing import Final

# Causes of the article

CAUSE_OVERLENGTHENED_HAMSTRINGS: Final = "cause:overlengthened_hamstrings"
CAUSE_PELVIC_MISALIGNMENT: Final = "cause:pelvic_misalignment"
CAUSE_WEAK_GLUTES: Final = "cause:weak_glutes"

# Competing explanations

ALT_ACUTE_HAMSTRING_STRAIN: Final = "alt:acute_hamstring_strain"
ALT_BONE_STRESS_INJURY: Final = "alt:bone_stress_injury"
ALT_DOMS: Final = "alt:doms"
ALT_LOAD_SPIKE: Final = "alt:load_spike"
ALT_LOW_BACK_REFERRED: Final = "alt:low_back_referred"
ALT_NON_HAMSTRING_AREA: Final = "alt:non_hamstring_area"
ALT_PROXIMAL_HAMSTRING_TENDINOPATHY: Final = "alt:proximal_hamstring_tendinopathy"
ALT_SCIATIC_NEURAL: Final = "alt:sciatic_neural"

# Outcomes that are no cause

INSUFFICIENT_DATA: Final = "insufficient_data"
NO_PATTERN: Final = "no_pattern"
WITHHELD: Final = "withheld"

# Patterns

PATTERN_AFTER_HARD_RUN: Final = "pattern:after_hard_run"
PATTERN_AFTER_LONG_RUN: Final = "pattern:after_long_run"
PATTERN_BILATERAL: Final = "pattern:bilateral"
PATTERN_CO_OCCURRENCE: Final = "pattern:co_occurrence"
PATTERN_DOMS_WINDOW: Final = "pattern:doms_window"
PATTERN_IMPROVING: Final = "pattern:improving"
PATTERN_MORNING_AFTER: Final = "pattern:morning_after"
PATTERN_NON_RECOVERY: Final = "pattern:non_recovery"
PATTERN_ONE_SIDED: Final = "pattern:one_sided"
PATTERN_RECURRING: Final = "pattern:recurring"
PATTERN_REMEDY_RESPONSE: Final = "pattern:remedy_response"
PATTERN_SESSION_SPIKE: Final = "pattern:session_spike"
PATTERN_SINGLE_EPISODE: Final = "pattern:single_episode"
PATTERN_SPARSE: Final = "pattern:sparse"
PATTERN_SPIKE_RESPONSE: Final = "pattern:spike_response"
PATTERN_STRETCH_NO_HELP: Final = "pattern:stretch_no_help"
PATTERN_WEEK_JUMP: Final = "pattern:week_jump"
PATTERN_WORSENING: Final = "pattern:worsening"

# Signals

SIG_BACK_LINKED: Final = "sig:back_linked"
SIG_BELOW_KNEE: Final = "sig:below_knee"
SIG_BOTH_SIDES: Final = "sig:both_sides"
SIG_BRIDGE_ASYM: Final = "sig:bridge_asym"
SIG_BRIDGE_FELT_HAM: Final = "sig:bridge_felt_ham"
SIG_BRIDGE_GOOD: Final = "sig:bridge_good"
SIG_BRIDGE_LOW: Final = "sig:bridge_low"
SIG_FAST_FADE: Final = "sig:fast_fade"
SIG_FRONT_CLEAR: Final = "sig:front_clear"
SIG_FRONT_CO_TIGHT: Final = "sig:front_co_tight"
SIG_FRONT_FREE: Final = "sig:front_free"
SIG_FRONT_SHORT: Final = "sig:front_short"
SIG_GLUTE_CO: Final = "sig:glute_co"
SIG_HAM_BRIDGE_LOW: Final = "sig:ham_bridge_low"
SIG_HIP_CONTROL_POOR: Final = "sig:hip_control_poor"
SIG_LATE_ONSET: Final = "sig:late_onset"
SIG_LOAD_STEADY: Final = "sig:load_steady"
SIG_LOAD_UP: Final = "sig:load_up"
SIG_LONG_RUN_LINK: Final = "sig:long_run_link"
SIG_LONG_SITTING: Final = "sig:long_sitting"
SIG_LOW_BACK_CLEAR: Final = "sig:low_back_clear"
SIG_LOW_BACK_CO: Final = "sig:low_back_co"
SIG_NERVE_NEG: Final = "sig:nerve_neg"
SIG_NERVE_POS: Final = "sig:nerve_pos"
SIG_ONE_SIDED: Final = "sig:one_sided"
SIG_PAST_STRAIN: Final = "sig:past_strain"
SIG_PLANK_LOW: Final = "sig:plank_low"
SIG_PULL_PAIN: Final = "sig:pull_pain"
SIG_REACH_LONG: Final = "sig:reach_long"
SIG_REACH_SHORT: Final = "sig:reach_short"
SIG_SIT_BONE_CLEAR: Final = "sig:sit_bone_clear"
SIG_SIT_BONE_SPOT: Final = "sig:sit_bone_spot"
SIG_SIT_WORSE: Final = "sig:sit_worse"
SIG_SLOW_FADE: Final = "sig:slow_fade"
SIG_SLR_AMPLE: Final = "sig:slr_ample"
SIG_SLR_LIMITED: Final = "sig:slr_limited"
SIG_SLR_LONG: Final = "sig:slr_long"
SIG_STRETCH_LASTING: Final = "sig:stretch_lasting"
SIG_STRETCH_NO_HELP: Final = "sig:stretch_no_help"
SIG_STRETCH_OFTEN: Final = "sig:stretch_often"
SIG_STRETCH_WORSE: Final = "sig:stretch_worse"
SIG_SUDDEN_MOMENT: Final = "sig:sudden_moment"
SIG_TILT_MARKED: Final = "sig:tilt_marked"
SIG_UNUSUAL_LOAD: Final = "sig:unusual_load"
SIG_WARM_THEN_RETURN: Final = "sig:warm_then_return"

# Self-checks

CHECK_HAMSTRING_BRIDGE: Final = "check:hamstring_bridge"
CHECK_HEEL_DIG: Final = "check:heel_dig"
CHECK_HEEL_TO_SEAT: Final = "check:heel_to_seat"
CHECK_NERVE_TENSION: Final = "check:nerve_tension"
CHECK_PELVIC_TILT_VIEW: Final = "check:pelvic_tilt_view"
CHECK_PLANK: Final = "check:plank"
CHECK_SINGLE_LEG_BRIDGE: Final = "check:single_leg_bridge"
CHECK_SINGLE_LEG_SQUAT: Final = "check:single_leg_squat"
CHECK_SIT_BONE: Final = "check:sit_bone"
CHECK_STRAIGHT_LEG_RAISE: Final = "check:straight_leg_raise"
CHECK_THOMAS_EDGE: Final = "check:thomas_edge"
CHECK_TOE_TOUCH: Final = "check:toe_touch"

# Questions, and what is asked to be logged

ASK_BACK_LINKED: Final = "ask:back_linked"
ASK_BONE_RISK: Final = "ask:bone_risk"
ASK_CARE_FIRST: Final = "ask:care_first"
ASK_CHECKIN_7DAYS: Final = "ask:checkin_7days"
ASK_ONSET: Final = "ask:onset"
ASK_PAST_STRAIN_MONTHS: Final = "ask:past_strain_months"
ASK_RECHECK_72H: Final = "ask:recheck_72h"
ASK_RUN_LOG: Final = "ask:run_log"
ASK_SITTING_EFFECT: Final = "ask:sitting_effect"
ASK_SITTING_HOURS: Final = "ask:sitting_hours"
ASK_SPOT: Final = "ask:spot"
ASK_STOPPED_RUNNING: Final = "ask:stopped_running"
ASK_STRETCH_EFFECT: Final = "ask:stretch_effect"
ASK_STRETCH_HABIT: Final = "ask:stretch_habit"
ASK_WARM_UP_EFFECT: Final = "ask:warm_up_effect"
ASK_WARNING_SCREEN: Final = "ask:warning_screen"

# Warning signs

FLAG_BONE_POINT_PAIN: Final = "flag:bone_point_pain"
FLAG_BRUISING_SWELLING: Final = "flag:bruising_swelling"
FLAG_CALF_SWELLING: Final = "flag:calf_swelling"
FLAG_CANNOT_BEAR_WEIGHT: Final = "flag:cannot_bear_weight"
FLAG_HOP_PAIN: Final = "flag:hop_pain"
FLAG_LIMP: Final = "flag:limp"
FLAG_NIGHT_PAIN: Final = "flag:night_pain"
FLAG_NON_RECOVERY: Final = "flag:non_recovery"
FLAG_NOT_RESPONDING: Final = "flag:not_responding"
FLAG_NUMB_TINGLE: Final = "flag:numb_tingle"
FLAG_PAIN_OVER_5: Final = "flag:pain_over_5"
FLAG_PAIN_PERSISTS: Final = "flag:pain_persists"
FLAG_SUDDEN_ONSET: Final = "flag:sudden_onset"
FLAG_SUDDEN_POP: Final = "flag:sudden_pop"
FLAG_TENDON_NERVE_2WK: Final = "flag:tendon_nerve_2wk"
FLAG_WORSENING_PAIN: Final = "flag:worsening_pain"

# Remedies

REMEDY_CAT_COW: Final = "remedy:cat_cow"
REMEDY_GENTLE_SUPINE_HAMSTRING_STRETCH: Final = "remedy:gentle_supine_hamstring_stretch"
REMEDY_ISOMETRIC_HAMSTRING_HOLD: Final = "remedy:isometric_hamstring_hold"
REMEDY_ICE: Final = "remedy:ice"
REMEDY_LOAD_REDUCTION: Final = "remedy:load_reduction"
REMEDY_PHYSICAL_THERAPY: Final = "remedy:physical_therapy"
REMEDY_PLANK: Final = "remedy:plank"
REMEDY_SIDE_LYING_HIP_ABDUCTION: Final = "remedy:side_lying_hip_abduction"
REMEDY_SINGLE_LEG_GLUTE_BRIDGE: Final = "remedy:single_leg_glute_bridge"
REMEDY_SIT_BONE_LOADING: Final = "remedy:sit_bone_loading"
REMEDY_SIT_BREAK: Final = "remedy:sit_break"
REMEDY_STANDING_QUAD_STRETCH: Final = "remedy:standing_quad_stretch"
REMEDY_SWIMMING: Final = "remedy:swimming"

# Levels of a warning sign

CLINICIAN: Final = "escalate:clinician_week"
EASE: Final = "escalate:ease_watch"
CALM: Final = "escalate:none"
URGENT: Final = "escalate:urgent"


IDS: Final = frozenset(value for name, value in list(vars().items()) if name.isupper())
