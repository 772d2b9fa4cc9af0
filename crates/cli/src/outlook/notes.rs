//! What a forecast stands on and what it leaves out, in sentences: printed below every forecast.

use super::{Arrivals, Gathered, Gathering};
use aceq_forecast::{Ignored, LaunchModel, NOT_USED};

/// Opportunity-ends below which the answer is mostly the documented defaults'.
const FEW_ENDS: f64 = 30.0;

/// The sentences, the most important first.
pub fn notes(gathered: &Gathered, model: &LaunchModel, gathering: Gathering<'_>) -> Vec<String> {
    let mut notes = vec![learnt(gathered, model)];
    notes.extend(ignored(gathered.ignored));
    notes.push(match gathering.arrivals {
        Arrivals::None => "Deals that do not exist yet are not part of the forecast (--arrivals adds them).".to_owned(),
        Arrivals::AsLastYear => "Counted on: as many new deals as in the last year, and alike; each \
                                 may come twice, with probability one half each."
            .to_owned(),
    });
    notes.push(
        "Stages short of a launch are not looked ahead to; certifications, badges and case studies stay as they are, \
         but for what expires."
            .to_owned(),
    );
    let names: Vec<&str> = NOT_USED.iter().map(|(name, _)| *name).collect();
    notes.push(format!("The launch model does not look at: {}.", names.join(", ")));
    notes
}

fn learnt(gathered: &Gathered, model: &LaunchModel) -> String {
    let [launched, lost] = model.fit.observed;
    match gathered.snapshots.len() {
        0 => "No export says on which day it was made, so nothing could be learnt from your own deals: launch \
              probabilities are the documented defaults, which are assumptions."
            .to_owned(),
        1 => {
            "There is one dated snapshot, so nothing could be learnt from your own deals: launch probabilities are the \
              documented defaults, which are assumptions."
                .to_owned()
        }
        snapshots => {
            let few = if launched + lost < FEW_ENDS {
                " That is little: the documented defaults, which are assumptions, weigh more."
            } else {
                ""
            };
            format!(
                "Learnt from {snapshots} snapshots: {:.0} launches and {:.0} losses in {:.0} weeks of open deals.{few}",
                launched, lost, model.fit.weeks
            )
        }
    }
}

fn ignored(ignored: Ignored) -> Option<String> {
    let kinds = [
        (ignored.undated_states, "state(s) without a day"),
        (ignored.unknown_states, "state(s) of unknown stage"),
        (ignored.contradicting_states, "state(s) that another of the same day contradicts"),
        (ignored.taken_back, "end(s) that later snapshots take back"),
        (ignored.never_seen_open, "opportunity(ies) never seen open"),
    ];
    let told: Vec<String> =
        kinds.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    (!told.is_empty()).then(|| format!("Not learnt from: {}.", told.join(", ")))
}
