//! Ridge regression by the kernel: weights for every example, and what each example would have been
//! given by all the others.
//!
//! For `n` examples with kernel `K` the weights are `α = (K + λI)⁻¹ y`. Leaving example `i` out
//! changes its own prediction to `yᵢ − αᵢ / ((K + λI)⁻¹)ᵢᵢ`: exact, and for the price of the
//! inverse's diagonal alone (R. Rifkin, R. Lippert, «Notes on regularized least squares», 2007).

/// Rows or columns that are worked on together: the rest of the triangle, too big for the caches of a
/// processor, is read once for all of them.
const BLOCK: usize = 16;

/// The inverse of the Cholesky factor of `K + λI`, column by column: column `j` begins at row `j`.
#[derive(Clone, Debug)]
pub(super) struct Solver {
    columns: Vec<Vec<f64>>,
}

impl Solver {
    /// `kernel` holds the lower triangle: row `i` has `i + 1` numbers. `ridge` is λ, above 0.
    pub(super) fn new(kernel: &[Vec<f64>], ridge: f64) -> Self {
        let columns = inverse(&factor(kernel, ridge));
        Self { columns }
    }

    /// Weights of the examples for these targets, and the left-out prediction of each example.
    pub(super) fn solve(&self, targets: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut halfway = vec![0.0; targets.len()];
        for (j, (column, target)) in self.columns.iter().zip(targets).enumerate() {
            if *target != 0.0 {
                for (sum, value) in halfway.iter_mut().skip(j).zip(column) {
                    *sum += value * target;
                }
            }
        }
        let mut weights = Vec::with_capacity(targets.len());
        let mut left_out = Vec::with_capacity(targets.len());
        for (j, (column, target)) in self.columns.iter().zip(targets).enumerate() {
            let weight = dot(column, halfway.get(j..).unwrap_or_default());
            weights.push(weight);
            left_out.push(target - weight / dot(column, column));
        }
        (weights, left_out)
    }
}

/// The Cholesky factor of a positive definite matrix plus `ridge` on its diagonal.
fn factor(matrix: &[Vec<f64>], ridge: f64) -> Vec<Vec<f64>> {
    let mut done: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
    for rows in matrix.chunks(BLOCK) {
        let first = done.len();
        let begun = rows.iter().map(|row| Vec::with_capacity(row.len()));
        let mut block: Vec<Vec<f64>> = begun.collect();
        for (j, above) in done.iter().enumerate() {
            for (out, row) in block.iter_mut().zip(rows) {
                extend(out, row.get(j), above);
            }
        }
        for (mut out, row) in block.into_iter().zip(rows) {
            for (value, above) in row.iter().zip(&done).skip(first) {
                extend(&mut out, Some(value), above);
            }
            let own = row.last().copied().unwrap_or(0.0) + ridge;
            // Rounding must not make the root of a nearly singular row imaginary.
            let rest = (own - dot(&out, &out)).max(ridge * 1e-6);
            out.push(rest.sqrt());
            done.push(out);
        }
    }
    done
}

/// The next number of a row of the factor, by the finished row above.
fn extend(out: &mut Vec<f64>, value: Option<&f64>, above: &[f64]) {
    let last = above.last().copied().unwrap_or(1.0);
    let rest = value.copied().unwrap_or(0.0) - dot(out, above);
    out.push(rest / last);
}

/// The inverse of a lower triangle, column by column.
fn inverse(factor: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut columns: Vec<Vec<f64>> = Vec::with_capacity(factor.len());
    while columns.len() < factor.len() {
        let first = columns.len();
        let begun = (first..factor.len()).take(BLOCK);
        let mut block: Vec<Vec<f64>> = begun
            .map(|j| Vec::with_capacity(factor.len() - j))
            .collect();
        for (i, row) in factor.iter().enumerate().skip(first) {
            let own = row.last().copied().unwrap_or(1.0);
            for (j, column) in (first..=i).zip(&mut block) {
                let above = dot(row.get(j..).unwrap_or_default(), column);
                let unit = if i == j { 1.0 } else { 0.0 };
                column.push((unit - above) / own);
            }
        }
        columns.append(&mut block);
    }
    columns
}

/// The sum of products over the shorter of both; in four sums, so that they do not wait for each
/// other.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a4, a_rest) = a.split_at(a.len().min(b.len()) / 4 * 4);
    let mut sums = [0.0; 4];
    for (x, y) in a4.chunks_exact(4).zip(b.chunks_exact(4)) {
        if let ([x0, x1, x2, x3], [y0, y1, y2, y3]) = (x, y) {
            sums[0] += x0 * y0;
            sums[1] += x1 * y1;
            sums[2] += x2 * y2;
            sums[3] += x3 * y3;
        }
    }
    let b_rest = b.get(a4.len()..).unwrap_or_default();
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINTS: [[f64; 2]; 5] = [[1.0, 0.0], [0.9, 0.2], [0.0, 1.0], [0.1, 0.8], [0.5, 0.5]];
    const TARGETS: [f64; 5] = [1.0, 1.0, 0.0, 0.0, 0.5];
    const RIDGE: f64 = 0.3;

    fn kernel(points: &[[f64; 2]]) -> Vec<Vec<f64>> {
        (0..points.len())
            .map(|i| (0..=i).map(|j| dot(&points[i], &points[j])).collect())
            .collect()
    }

    #[test]
    fn weights_solve_the_equations() {
        let (weights, _) = Solver::new(&kernel(&POINTS), RIDGE).solve(&TARGETS);
        for (i, target) in TARGETS.iter().enumerate() {
            let sum: f64 = (0..5)
                .map(|j| dot(&POINTS[i], &POINTS[j]) * weights[j])
                .sum();
            assert!((sum + RIDGE * weights[i] - target).abs() < 1e-9);
        }
    }

    #[test]
    fn many_rows_are_solved_as_few_are() {
        let angle = |i: usize| f64::from(u32::try_from(i).unwrap()) * 0.37;
        let count = 2 * BLOCK + 3;
        let points: Vec<[f64; 2]> = (0..count)
            .map(|i| [angle(i).cos(), angle(i).sin()])
            .collect();
        let targets: Vec<f64> = points.iter().map(|p| p[0] * p[1]).collect();
        let (weights, _) = Solver::new(&kernel(&points), RIDGE).solve(&targets);
        for ((point, weight), target) in points.iter().zip(&weights).zip(&targets) {
            let products = points.iter().zip(&weights).map(|(p, w)| dot(point, p) * w);
            let sum: f64 = products.sum();
            assert!((sum + RIDGE * weight - target).abs() < 1e-9);
        }
    }

    #[test]
    fn leaving_one_out_is_what_the_others_say() {
        let (_, left_out) = Solver::new(&kernel(&POINTS), RIDGE).solve(&TARGETS);
        for out in 0..POINTS.len() {
            let others: Vec<usize> = (0..POINTS.len()).filter(|i| *i != out).collect();
            let points: Vec<[f64; 2]> = others.iter().map(|i| POINTS[*i]).collect();
            let targets: Vec<f64> = others.iter().map(|i| TARGETS[*i]).collect();
            let (weights, _) = Solver::new(&kernel(&points), RIDGE).solve(&targets);
            let said: f64 = points
                .iter()
                .zip(&weights)
                .map(|(p, w)| dot(p, &POINTS[out]) * w)
                .sum();
            assert!((said - left_out[out]).abs() < 1e-9, "{out}");
        }
    }
}
