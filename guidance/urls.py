from django.urls import path

from guidance.checks import views as checks
from guidance.coaching import views as coaching
from guidance.coaching.suggestions import views as suggestions
from guidance.findings import views as guidance
from guidance.library import views as library
from guidance.plan import feed_views as plan_feed
from guidance.plan import item_views as plan_items
from guidance.plan import views as plan
from guidance.questions import care_first_views as care_first
from guidance.questions import views as questions
from guidance.summary import views as summary
from guidance.today import views as today
from guidance.warning_signs import views as warning_signs

app_name = "guidance"

urlpatterns = [
    path("today/", today.today, name="today"),
    path("guidance/", guidance.guidance, name="guidance"),
    path("guidance/warning-signs/", warning_signs.warning_signs, name="warning-signs"),
    path(
        "guidance/warning-signs/at-a-glance/",
        warning_signs.warning_signs_at_a_glance,
        name="warning-signs-at-a-glance",
    ),
    path(
        "guidance/warning-signs/close/",
        warning_signs.warning_signs_close,
        name="warning-signs-close",
    ),
    path(
        "guidance/after-check-in/<day>/",
        warning_signs.after_check_in,
        name="after-check-in",
    ),
    path("guidance/questions/", questions.questions, name="questions"),
    path("guidance/questions/<slug:slug>/", questions.question, name="question"),
    path("guidance/checks/", checks.checks, name="checks"),
    path("guidance/checks/<slug:slug>/", checks.check, name="check"),
    path("guidance/checks/<slug:slug>/result/", checks.check_result, name="check-result"),
    path("guidance/care-first/", care_first.care_first, name="care-first"),
    path("guidance/plan/", plan.plan, name="plan"),
    path("guidance/plan/start/", plan.plan_start, name="plan-start"),
    path("guidance/plan/pause/", plan.plan_pause, name="plan-pause"),
    path("guidance/plan/resume/", plan.plan_resume, name="plan-resume"),
    path("guidance/plan/stop/", plan.plan_stop, name="plan-stop"),
    path("guidance/plan/<uuid:uid>/restore/", plan.plan_restore, name="plan-restore"),
    path("guidance/plan/done/", plan_items.plan_done, name="plan-done"),
    path("guidance/plan/items/add/", plan_items.plan_item_add, name="plan-item-add"),
    path("guidance/plan/items/<int:item>/days/", plan_items.plan_item_days, name="plan-item-days"),
    path(
        "guidance/plan/items/<int:item>/variant/",
        plan_items.plan_item_variant,
        name="plan-item-variant",
    ),
    path(
        "guidance/plan/items/<int:item>/remove/",
        plan_items.plan_item_remove,
        name="plan-item-remove",
    ),
    path(
        "guidance/plan/items/<int:item>/restore/",
        plan_items.plan_item_restore,
        name="plan-item-restore",
    ),
    path("guidance/plan/feed/renew/", plan_feed.plan_feed_renew, name="plan-feed-renew"),
    path("plan/<slug:token>.ics", plan_feed.plan_feed, name="plan-feed"),
    path("guidance/summary/", summary.summary, name="summary"),
    path("guidance/library/", library.library, name="library"),
    path("guidance/library/article/", library.library_article, name="library-article"),
    path("guidance/library/sources/", library.library_sources, name="library-sources"),
    path("guidance/library/<slug:kind>/<slug:slug>/", library.library_entry, name="library-entry"),
    # A coach's pages of an athlete that show more than the logs
    path("athletes/<int:athlete_id>/", coaching.athlete, name="athlete"),
    path(
        "athletes/<int:athlete_id>/guidance/",
        coaching.athlete_guidance,
        name="athlete-guidance",
    ),
    path("athletes/<int:athlete_id>/suggest/", suggestions.suggest, name="suggest"),
    path(
        "suggestions/<uuid:uid>/withdraw/",
        suggestions.suggestion_withdraw,
        name="suggestion-withdraw",
    ),
    path("suggestions/<uuid:uid>/accept/", suggestions.suggestion_accept, name="suggestion-accept"),
    path(
        "suggestions/<uuid:uid>/decline/", suggestions.suggestion_decline, name="suggestion-decline"
    ),
]
