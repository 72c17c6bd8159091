// Small symmetric systems of equations.

/**
 * Solves (A + ridge · diag A) x = b for a symmetric positive definite A, row by row, by Cholesky's
 * factors; null where it is not definite. A is read, not kept.
 */
export function solveDefinite(
  matrix: Float64Array,
  right: Float64Array,
  ridge: number,
): Float64Array | null {
  const size = right.length;
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row * size + column] ?? 0;
      if (row === column) sum *= 1 + ridge;
      for (let k = 0; k < column; k += 1) {
        sum -= (factor[row * size + k] ?? 0) * (factor[column * size + k] ?? 0);
      }
      if (row === column) {
        if (!(sum > 0)) return null;
        factor[row * size + row] = Math.sqrt(sum);
      } else {
        factor[row * size + column] = sum / (factor[column * size + column] ?? 1);
      }
    }
  }
  const solution = right.slice();
  for (let row = 0; row < size; row += 1) {
    let sum = solution[row] ?? 0;
    for (let k = 0; k < row; k += 1) sum -= (factor[row * size + k] ?? 0) * (solution[k] ?? 0);
    solution[row] = sum / (factor[row * size + row] ?? 1);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = solution[row] ?? 0;
    for (let k = row + 1; k < size; k += 1) {
      sum -= (factor[k * size + row] ?? 0) * (solution[k] ?? 0);
    }
    solution[row] = sum / (factor[row * size + row] ?? 1);
  }
  return solution.every((value) => Number.isFinite(value)) ? solution : null;
}
