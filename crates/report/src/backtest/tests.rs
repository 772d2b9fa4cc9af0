//! What a person and a program see of a backtest.

use super::{Backtest, backtest_csv, backtest_rows_csv, calibration_plot, verdict, wilson};
use crate::format::Format;
use crate::sample::date;
use aceq_model::{BacktestRow, BacktestScore, CalibrationRow, CountKey};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

fn score(horizon: Option<u32>) -> BacktestScore {
    BacktestScore {
        horizon,
        forecasts: if horizon.is_none() { 212 } else { 53 },
        origins: 11,
        brier: 0.081,
        brier_held: 0.123,
        brier_win_rate: 0.103,
        skill_held: Some(0.341),
        skill_win_rate: Some(-0.08),
        log_score: 0.2624,
        coverage: 0.83,
        expected_over_actual: None,
    }
}

fn classes() -> [CalibrationRow; 2] {
    let empty = CalibrationRow { from: 0.0, until: 0.1, forecasts: 0, forecast: None, observed: None };
    let seen = CalibrationRow { from: 0.7, until: 0.8, forecasts: 24, forecast: Some(0.75), observed: Some(0.79) };
    [empty, seen]
}

fn row() -> BacktestRow {
    BacktestRow {
        key: CountKey {
            partner_id: "P-1".to_owned(),
            program: "smb".to_owned(),
            version: "2025-08".to_owned(),
            requirement_id: "4.2".to_owned(),
            reading: "adopted".to_owned(),
            member: None,
        },
        from: date("2025-12-31"),
        as_of: date("2026-03-31"),
        horizon: 1,
        p_met: 0.62,
        p_held: 0.0,
        p_win_rate: 0.7,
        met: true,
        interval: (4800, 5200),
        count: 5000,
        held: 4800,
        expected: Some(49.5),
    }
}

fn render(format: Format, width: u16) -> String {
    let (scores, calibration) = ([score(None), score(Some(1))], classes());
    let verdict = verdict(&scores, 4);
    Backtest { rows: &[row()], scores: &scores, calibration: &calibration, verdict: &verdict, color: false, width }
        .in_format(format)
}

#[test]
fn a_person_sees_the_verdict_and_what_it_rests_on() {
    let expected = "\
Tested on 11 past quarters (212 forecasts): Brier .081, 34 % better than holding
  today's count, 8 % worse than win rate × open; 80 % intervals held 83 %.

ahead  forecasts  Brier  held  rate  vs held  vs rate   log  80 %  ratio
1             53   .081  .123  .103     34 %     −8 %  .262  83 %      –
all          212   .081  .123  .103     34 %     −8 %  .262  83 %      –
Brier, held, rate: mean squared error of the forecast, of holding today's count
  and of win rate × open; 0 is best.
vs held, vs rate: how much better the forecast is. log: mean surprise in nats.
  80 %: counts within their interval.
ratio: forecast over actual number of units that newly came to count.

what was given some probability, and how often it happened
given    forecasts  on average  happened  95 % interval
70–80 %         24        75 %      79 %        59–91 %
";
    assert_eq!(render(Format::Table, 80), expected);
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [40, 60, 80] {
        for line in render(Format::Table, width).lines() {
            assert!(line.width() <= usize::from(width), "{width}: {line}");
        }
    }
}

#[test]
fn a_verdict_needs_quarters_and_is_honest_about_baselines() {
    assert_eq!(verdict(&[score(Some(1))], 4), "Not tested: fewer than 4 past quarters.");
    assert_eq!(verdict(&[score(None)], 12), "Not tested: fewer than 12 past quarters.");
    let perfect = BacktestScore { skill_held: None, skill_win_rate: Some(0.001), coverage: f64::NAN, ..score(None) };
    assert_eq!(
        verdict(&[perfect], 4),
        "Tested on 11 past quarters (212 forecasts): Brier .081, worse than holding today's count, which was never \
         wrong, no better than win rate × open."
    );
}

#[test]
fn programs_get_scores_classes_and_forecasts() {
    let parsed: Value = serde_json::from_str(&render(Format::Json, 80)).expect("JSON");
    assert_eq!(parsed["schema"], "aceq-backtest-1");
    assert_eq!(parsed["scores"][1]["horizon"], Value::Null);
    assert_eq!(parsed["scores"][0]["skill_win_rate"], -0.08);
    assert_eq!(parsed["calibration"][1]["observed"], 0.79);
    assert_eq!(parsed["forecasts"][0]["met"], true);
    let header = "horizon,forecasts,origins,brier,brier_held,brier_win_rate,skill_held,skill_win_rate,log_score,\
                  coverage,expected_over_actual\r\n";
    assert_eq!(
        backtest_csv(&[score(None)]),
        header.to_owned() + ",212,11,0.0810,0.1230,0.1030,0.3410,-0.0800,0.2624,0.8300,\r\n"
    );
    let rows = backtest_rows_csv(&[row()]);
    assert!(rows.ends_with(",2025-12-31,2026-03-31,1,0.6200,0.0000,0.7000,true,48,52,50,48,49.5000\r\n"), "{rows}");
    assert!(render(Format::Markdown, 80).contains("| 0.7000 | 0.8000 | 24 | 0.7500 | 0.7900 |"));
}

/// 8 of 10: Wilson gives 49 to 94 %; of nothing seen and of all seen the interval stays within 0 and 1.
#[test]
fn an_interval_is_wilsons() {
    let (low, high) = wilson(0.8, 10);
    assert!((low - 0.4902).abs() < 1e-4 && (high - 0.9433).abs() < 1e-4, "{low} {high}");
    assert!(wilson(0.0, 5).0 < 1e-9 && wilson(1.0, 5).1 > 1.0 - 1e-9);
}

#[test]
fn the_plot_says_in_words_what_it_shows() {
    let svg = calibration_plot(&classes(), "Calibration");
    assert!(svg.contains("given 75 %, happened 79 % of 24 times."), "{svg}");
    assert_eq!(svg.matches("<circle").count(), 2, "a disc and its rim: the empty class has none");
    assert_eq!(svg, calibration_plot(&classes(), "Calibration"));
}
