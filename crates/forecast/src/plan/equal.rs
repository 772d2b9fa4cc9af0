//! Other plans of the least cost.
//!
//! Each question forbids what was found: some number of each plan found must be lower. At the same cost a plan with no number lower
//! has the same numbers, or free actions on top; either is told already.

use super::Listed;
use super::alike::{Numbers, Settled};
use super::first::{Asker, Place, Trouble};
use super::model::{Aim, Question};

/// Questions that may be lost on plans with free actions that they could do without.
const MOST_LOST: usize = 50;

/// Plans other than the first, at most so many, and whether they are all.
pub(super) fn others(asker: &Asker<'_>, first: &Settled, most: usize) -> Result<(Vec<Settled>, Listed), Trouble> {
    let folded = asker.folded;
    let place = Place::all(folded);
    let (mut found, mut others) = (vec![folded.numbers(first)], vec![]);
    let mut listed = folded.ways_listed(&found[0]);
    loop {
        let question = Question {
            pools: place.pools(folded),
            most_cost: Some(folded.cost(&folded.actions(first))),
            aim: Aim::Any,
            without: &found,
            ..Question::default()
        };
        let plan = match asker.ask(&question, &place) {
            Ok(None) => return Ok((others, listed)),
            Ok(Some(plan)) => plan,
            Err(Trouble::Nodes(_)) => return Ok((others, Listed::Unknown)),
            Err(other) => return Err(other),
        };
        let numbers: Numbers = folded.numbers(&plan);
        let plan = folded.settled(&numbers);
        let kept = !folded.could_do_without(&folded.actions(&plan));
        if kept && others.len() == most {
            return Ok((others, Listed::Some));
        }
        if found.len() > most + MOST_LOST {
            return Ok((others, Listed::Unknown));
        }
        if kept {
            others.push(plan);
            listed = listed.worse(folded.ways_listed(&numbers));
        }
        found.push(numbers);
    }
}
