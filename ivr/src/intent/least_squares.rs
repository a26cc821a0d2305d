//! Ridge regression by the kernel: weights for every example, and what each example would have been
//! given by all the others.
//!
//! For `n` examples with kernel `K` the weights are `α = (K + λI)⁻¹ y`. Leaving example `i` out
//! changes its own prediction to `yᵢ − αᵢ / ((K + λI)⁻¹)ᵢᵢ`: exact, and for the price of the
//! inverse's diagonal alone (R. Rifkin, R. Lippert, «Notes on regularized least squares», 2007).

/// The inverse of the Cholesky factor of `K + λI`, row by row: row `i` has `i + 1` numbers.
#[derive(Clone, Debug)]
pub(super) struct Solver {
    rows: Vec<Vec<f64>>,
    /// The diagonal of `(K + λI)⁻¹`.
    diagonal: Vec<f64>,
}

impl Solver {
    /// `kernel` holds the lower triangle: row `i` has `i + 1` numbers. `ridge` is λ, above 0.
    pub(super) fn new(kernel: Vec<Vec<f64>>, ridge: f64) -> Self {
        let factor = factor(kernel, ridge);
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(factor.len());
        let mut diagonal = vec![0.0; factor.len()];
        for row in factor {
            let last = row.last().copied().unwrap_or(1.0);
            let mut inverse = vec![0.0; row.len()];
            if let Some(own) = inverse.last_mut() {
                *own = 1.0;
            }
            for (weight, above) in row.iter().zip(&rows) {
                for (out, value) in inverse.iter_mut().zip(above) {
                    *out -= weight * value;
                }
            }
            for (out, square) in inverse.iter_mut().zip(&mut diagonal) {
                *out /= last;
                *square += *out * *out;
            }
            rows.push(inverse);
        }
        Self { rows, diagonal }
    }

    /// Weights of the examples for these targets, and the left-out prediction of each example.
    pub(super) fn solve(&self, targets: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut weights = vec![0.0; targets.len()];
        for row in &self.rows {
            let z = dot(row, targets);
            for (weight, value) in weights.iter_mut().zip(row) {
                *weight += value * z;
            }
        }
        let left_out = targets
            .iter()
            .zip(&weights)
            .zip(&self.diagonal)
            .map(|((target, weight), diagonal)| target - weight / diagonal)
            .collect();
        (weights, left_out)
    }
}

/// The Cholesky factor of a positive definite matrix plus `ridge` on its diagonal.
fn factor(matrix: Vec<Vec<f64>>, ridge: f64) -> Vec<Vec<f64>> {
    let mut done: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
    for row in matrix {
        let mut out: Vec<f64> = Vec::with_capacity(row.len());
        for (value, above) in row.iter().zip(&done) {
            let last = above.last().copied().unwrap_or(1.0);
            out.push((value - dot(&out, above)) / last);
        }
        let own = row.last().copied().unwrap_or(0.0) + ridge;
        // Rounding must not make the root of a nearly singular row imaginary.
        let rest = (own - dot(&out, &out)).max(ridge * 1e-6);
        out.push(rest.sqrt());
        done.push(out);
    }
    done
}

/// The sum of products over the shorter of both.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
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
        let (weights, _) = Solver::new(kernel(&POINTS), RIDGE).solve(&TARGETS);
        for (i, target) in TARGETS.iter().enumerate() {
            let sum: f64 = (0..5)
                .map(|j| dot(&POINTS[i], &POINTS[j]) * weights[j])
                .sum();
            assert!((sum + RIDGE * weights[i] - target).abs() < 1e-9);
        }
    }

    #[test]
    fn leaving_one_out_is_what_the_others_say() {
        let (_, left_out) = Solver::new(kernel(&POINTS), RIDGE).solve(&TARGETS);
        for out in 0..POINTS.len() {
            let others: Vec<usize> = (0..POINTS.len()).filter(|i| *i != out).collect();
            let points: Vec<[f64; 2]> = others.iter().map(|i| POINTS[*i]).collect();
            let targets: Vec<f64> = others.iter().map(|i| TARGETS[*i]).collect();
            let (weights, _) = Solver::new(kernel(&points), RIDGE).solve(&targets);
            let said: f64 = points
                .iter()
                .zip(&weights)
                .map(|(p, w)| dot(p, &POINTS[out]) * w)
                .sum();
            assert!((said - left_out[out]).abs() < 1e-9, "{out}");
        }
    }
}
