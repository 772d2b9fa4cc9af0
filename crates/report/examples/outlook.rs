//! Prints what a calendar, a forecast, a backtest or a plan looks like, made up from nothing:
//! `cargo run --release -p aceq-report --example outlook -- fan > fan.svg`.

use aceq_model::{
    BacktestScore, CalendarEvent, CalendarRow, CalendarUnit, CalibrationRow, Comes, CountKey, DriverRow, ForecastBasis,
    ForecastRow, PlanAction, PlanStatus, PlanStep, Status,
};
use aceq_report::{
    Backtest, Calendar, FanChart, Forecast, Format, Plan, RequirementInfo, RequirementInfos, calendar_ics,
    calibration_plot, fan_chart, verdict,
};
use chrono::NaiveDate;
use std::collections::BTreeMap;

fn main() {
    let asked = std::env::args().nth(1).unwrap_or_default();
    let text = match asked.as_str() {
        "fan" => fan(&forecast_rows(), 5),
        "fan-small" => fan(&forecast_rows(), 1),
        "fan-one" => {
            fan(&forecast_rows().into_iter().filter(|row| row.key.requirement_id == "4.2").collect::<Vec<_>>(), 1)
        }
        "calibration" => calibration_plot(&classes(), "What was given 70 %: how often did it happen?"),
        "calendar" => calendar(),
        "ics" => calendar_ics(&calendar_rows(), date("2026-11-20"), &[90, 30]),
        "forecast" => forecast(),
        "backtest" => backtest(),
        "plan" => plan(),
        _ => "one of: fan, fan-small, fan-one, calibration, calendar, ics, forecast, backtest, plan\n".to_owned(),
    };
    print!("{text}");
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn key(requirement: &str) -> CountKey {
    CountKey {
        partner_id: "P-1001".to_owned(),
        program: "smb".to_owned(),
        version: "2025-08".to_owned(),
        requirement_id: requirement.to_owned(),
        reading: "adopted".to_owned(),
        member: None,
    }
}

fn titles() -> RequirementInfos {
    let info = |(id, title): (&str, &str)| {
        let key = ("smb".to_owned(), "2025-08".to_owned(), id.to_owned());
        (key, RequirementInfo { title: title.to_owned(), ..RequirementInfo::default() })
    };
    [
        ("*", "SMB Competency"),
        ("4.1", "Membership in the services path"),
        ("4.2", "50 launched SMB opportunities for unique customers"),
        ("4.3", "USD 3 million of annual recurring revenue"),
        ("4.4", "Launched opportunities of at least USD 1,500 a month for new customers in two regions"),
        ("5.1", "Certified architects"),
    ]
    .map(info)
    .into_iter()
    .collect()
}

const QUARTERS: [(&str, &str); 6] = [
    ("2026-12-31", "2026-Q4"),
    ("2027-03-31", "2027-Q1"),
    ("2027-06-30", "2027-Q2"),
    ("2027-09-30", "2027-Q3"),
    ("2027-12-31", "2027-Q4"),
    ("2028-03-31", "2028-Q1"),
];

fn forecast_rows() -> Vec<ForecastRow> {
    let row = |id: &str, at: usize| ForecastRow {
        key: key(id),
        from: date("2026-11-20"),
        known_at: Some(date("2026-11-13")),
        as_of: date(QUARTERS[at].0),
        quarter: QUARTERS[at].1.to_owned(),
        held_status: Status::NotMet,
        held: 0,
        required: 5000,
        expected: None,
        quantiles: None,
        p_met: 0.0,
        p_met_at_most: 0.0,
        basis: ForecastBasis::Exact,
        is_sum: false,
    };
    let mut rows = Vec::new();
    let chances = [0.62, 0.41, 0.35, 0.12, 0.004, 0.0];
    for (at, chance) in chances.into_iter().enumerate() {
        let step = at as i64;
        let most = if at == 2 { 0.6 } else { chance };
        rows.push(ForecastRow {
            p_met: chance,
            p_met_at_most: most,
            held_status: if at == 0 { Status::Met } else { Status::NotMet },
            held: 300,
            required: 500,
            basis: ForecastBasis::Drawn,
            ..row("*", at)
        });
        rows.push(ForecastRow {
            p_met: 1.0,
            p_met_at_most: 1.0,
            held: 100,
            required: 100,
            basis: ForecastBasis::Calendar,
            ..row("4.1", at)
        });
        rows.push(ForecastRow {
            held: 4800 - 300 * step,
            expected: Some(50.3 - 0.9 * at as f64),
            quantiles: Some([4700 - 200 * step, 5000 - 100 * step, 5300 + 100 * step]),
            p_met: chance,
            p_met_at_most: most,
            ..row("4.2", at)
        });
        let money = 240_000_000 - 10_000_000 * step;
        rows.push(ForecastRow {
            held: money,
            required: 300_000_000,
            expected: Some(2_500_000.0 + 100_000.0 * at as f64),
            quantiles: Some([money + 5_000_000, money + 20_000_000 * (step + 1), money + 45_000_000 * (step + 1)]),
            p_met: 0.1 + 0.12 * at as f64,
            p_met_at_most: 0.1 + 0.12 * at as f64,
            is_sum: true,
            ..row("4.3", at)
        });
        rows.push(ForecastRow {
            held: 1000,
            required: 800,
            expected: Some(11.0 + 1.5 * at as f64),
            quantiles: Some([1000, 1100 + 100 * step, 1200 + 200 * step]),
            p_met: 1.0,
            p_met_at_most: 1.0,
            held_status: Status::Met,
            ..row("4.4", at)
        });
        rows.push(ForecastRow {
            held: 500,
            required: 400,
            p_met: 1.0,
            p_met_at_most: 1.0,
            held_status: Status::Met,
            basis: ForecastBasis::Held,
            ..row("5.1", at)
        });
    }
    rows
}

fn fan(rows: &[ForecastRow], panels: usize) -> String {
    let titles = titles();
    let chart = FanChart {
        rows,
        titles: &titles,
        partner_id: "P-1001",
        program: "smb",
        version: "2025-08",
        panels,
        new_deals: "New opportunities are not part of it.",
    };
    fan_chart(&chart).expect("something is uncertain")
}

fn forecast() -> String {
    let driver = |id: &str, rank: u32, moves: f64| DriverRow {
        key: key(id),
        as_of: date("2027-03-31"),
        rank,
        opportunity_id: format!("O100000{rank}"),
        label: format!("Customer number {rank} and Sons Limited"),
        stage: "Business Validation".to_owned(),
        target_close_date: Some(date("2026-12-15")),
        p_counts: 0.69,
        moves,
        source_file: "exports/2026-11-13/opportunities.csv".to_owned(),
        source_sheet: String::new(),
        source_line: 12,
    };
    let drivers: Vec<DriverRow> =
        (1..=4).flat_map(|rank| ["*", "4.2"].map(|id| driver(id, rank, 0.4 / f64::from(rank)))).collect();
    let notes = ["3 opportunities without a stage have no forecast and count as not launching.".to_owned()];
    let verdict = verdict(&scores(), 4);
    let settings = BTreeMap::from([("seed".to_owned(), 1.into()), ("draws".to_owned(), 10_000.into())]);
    let titles = titles();
    let rows = forecast_rows();
    let shown = Forecast {
        rows: &rows,
        drivers: &drivers,
        titles: &titles,
        settings: &settings,
        notes: &notes,
        verdict: Some(&verdict),
        color: false,
        width: 80,
    };
    shown.in_format(Format::Table) + "\n" + &shown.in_format(Format::Json)
}

fn calendar_rows() -> Vec<CalendarRow> {
    let unit = |number: i64, table: &str, side: Comes| CalendarUnit {
        unit: format!("customer-{number}"),
        table: table.to_owned(),
        row_id: format!("O100000{number}"),
        label: format!("Customer {number}, Sons; Daughters"),
        side,
        source_file: "exports/2026-11-13/opportunities.csv".to_owned(),
        source_sheet: String::new(),
        source_line: number + 10,
    };
    let row = |id: &str, on: &str, event: CalendarEvent, confirmed: (i64, i64), status: (Status, Status)| CalendarRow {
        key: key(id),
        date: date(on),
        event,
        confirmed: (confirmed.0 * 100, confirmed.1 * 100),
        required: 5000,
        status,
        until: None,
        units: Vec::new(),
        is_sum: false,
    };
    let lost: Vec<CalendarUnit> = (1..=5).map(|number| unit(number, "opportunities", Comes::Out)).collect();
    let (met, not) = (Status::Met, Status::NotMet);
    vec![
        row("*", "2026-12-02", CalendarEvent::Lost, (5, 4), (met, not)),
        CalendarRow { units: lost, ..row("4.2", "2026-12-02", CalendarEvent::Lost, (53, 48), (met, not)) },
        CalendarRow {
            until: Some(date("2027-03-01")),
            units: vec![unit(7, "opportunities", Comes::In)],
            ..row("4.2", "2027-01-15", CalendarEvent::Met, (48, 50), (not, met))
        },
        CalendarRow {
            until: Some(date("2027-03-01")),
            ..row("*", "2027-01-15", CalendarEvent::Met, (4, 5), (not, met))
        },
        row("4.2", "2027-03-02", CalendarEvent::Lost, (50, 47), (met, not)),
        CalendarRow {
            units: vec![unit(9, "certifications", Comes::Out)],
            ..row("5.1", "2027-02-10", CalendarEvent::Down, (6, 5), (met, met))
        },
        row("*", "2027-04-01", CalendarEvent::VersionEnds, (4, 4), (not, not)),
    ]
}

fn calendar() -> String {
    let (rows, titles) = (calendar_rows(), titles());
    let shown = Calendar { rows: &rows, whole: &[], titles: &titles, color: false, width: 80 };
    shown.in_format(Format::Table) + "\n" + &shown.in_format(Format::Json)
}

fn scores() -> Vec<BacktestScore> {
    let score = |horizon: Option<u32>, forecasts: usize, brier: f64| BacktestScore {
        horizon,
        forecasts,
        origins: 11,
        brier,
        brier_held: 0.123,
        brier_win_rate: 0.103,
        skill_held: Some(1.0 - brier / 0.123),
        skill_win_rate: Some(1.0 - brier / 0.103),
        log_score: 0.262,
        coverage: 0.83,
        expected_over_actual: Some(0.98),
    };
    vec![
        score(Some(1), 53, 0.052),
        score(Some(2), 53, 0.08),
        score(Some(3), 53, 0.09),
        score(Some(4), 53, 0.11),
        score(None, 212, 0.081),
    ]
}

fn classes() -> Vec<CalibrationRow> {
    let seen = [(41, 0.035, 0.024), (22, 0.15, 0.18), (9, 0.24, 0.33), (6, 0.36, 0.17), (4, 0.45, 0.5)];
    let more = [(5, 0.55, 0.6), (11, 0.66, 0.55), (14, 0.75, 0.79), (25, 0.86, 0.92), (75, 0.965, 0.973)];
    let class = |(at, (forecasts, forecast, observed)): (usize, &(usize, f64, f64))| CalibrationRow {
        from: at as f64 / 10.0,
        until: (at + 1) as f64 / 10.0,
        forecasts: *forecasts,
        forecast: Some(*forecast),
        observed: Some(*observed),
    };
    seen.iter().chain(&more).enumerate().map(class).collect()
}

fn backtest() -> String {
    let (scores, classes) = (scores(), classes());
    let verdict = verdict(&scores, 4);
    let shown =
        Backtest { rows: &[], scores: &scores, calibration: &classes, verdict: &verdict, color: false, width: 80 };
    shown.in_format(Format::Table) + "\n" + &shown.in_format(Format::Json)
}

fn plan() -> String {
    let step = |rank: u32, action: PlanAction, what: &str| PlanStep {
        rank,
        cost: i64::from(rank),
        action,
        table: "opportunities".to_owned(),
        row_id: format!("O100000{rank}"),
        label: format!("Customer {rank} Ltd"),
        what: what.to_owned(),
        serves: vec!["4.2".to_owned(), "4.3".to_owned()],
        alternatives: (0..2 * i64::from(rank - 1))
            .map(|other| (format!("O200000{other}"), format!("Other {other} Ltd")))
            .collect(),
        source_file: "exports/2026-11-13/opportunities.csv".to_owned(),
        source_sheet: String::new(),
        source_line: 12,
    };
    let status = |id: &str, title: &str, before: (Status, i64), after: (Status, i64)| PlanStatus {
        program: "smb".to_owned(),
        version: "2025-08".to_owned(),
        requirement_id: id.to_owned(),
        title: title.to_owned(),
        before,
        after,
        required: 5000,
        is_sum: false,
    };
    let steps = [
        step(1, PlanAction::Launch, "launch by 2027-03-31"),
        step(2, PlanAction::Supply, "supply annual_revenue_usd"),
        step(4, PlanAction::Renew, "renew before 2027-02-10"),
    ];
    let statuses = [
        status("*", "", (Status::NotMet, 0), (Status::Met, 0)),
        status(
            "4.2",
            "50 launched SMB opportunities for unique customers",
            (Status::NotMet, 4800),
            (Status::Met, 5000),
        ),
    ];
    let shown = Plan {
        partner_id: "P-1001",
        as_of: date("2027-03-31"),
        steps: &steps,
        statuses: &statuses,
        notes: &[],
        color: false,
        width: 80,
    };
    shown.in_format(Format::Table) + "\n" + &shown.in_format(Format::Markdown) + "\n" + &shown.in_format(Format::Json)
}
