"""How the solvers of kernel.wasm are driven so that a host gets what the package gets: docs/embedding.md, in code."""

from decimal import ROUND_HALF_UP, Decimal
from math import ceil, floor, inf, sqrt

ENDS = ("iterations", "converged", "stagnated", "diverged", "discrepancy")
DIVERGED = 3

# kinds of stretches
SCALED, WHITENED, VIOLATIONS, SWITCHES = 0, 1, 2, 4

# share of the iterations, and kind, of each stretch; with the inequalities of pooling, without them
PLANS = {
    "scaled": (
        [(0.8, SCALED), (0.2, SCALED + VIOLATIONS)],
        [(1, SCALED)],
    ),
    "whitened": (
        [(0.25, WHITENED)] + 3 * [(0.25, WHITENED + VIOLATIONS)],
        [(1, WHITENED)],
    ),
    "hybrid": (
        [(0.3, WHITENED), (0.3, SCALED), (0.2, SCALED + VIOLATIONS), (0.2, SCALED + VIOLATIONS)],
        [(0.3, WHITENED), (0.7, SCALED)],
    ),
}

METHODS = ("iht", "niht", "htp", "cgiht", "cosamp", "omp", "ista", "fista")
FISTA, ON_SUPPORT = 7, 8
POWER_STEPS = 200
STEP_MARGIN = 1.02

LANCZOS_STEPS = 100
FAINT = 1e-2
TAME = 24
LEAST_NUMBER = 5e-324


class Run:
    """One call of a solver: why it stopped, its residuals, and its step, 0 where it has none."""

    def __init__(self, kernel, step=0.0):
        self.kernel = kernel
        self.step = step
        self.stopped = ENDS[0]
        self.residuals = []

    def drive(self, iterations, ceiling=inf):
        """Steps the solver that was begun to its end, or until there are so many residuals."""
        status = self.kernel.run("status")
        while status == 0 and len(self.residuals) < iterations:
            status = self.kernel.run("step", 1)
            self.residuals.append(self.kernel.run("residual"))
            if self.residuals[-1] > ceiling:
                status = DIVERGED
        self.stopped = ENDS[status]
        return self


# Least squares


def is_picture(shape):
    return shape.height > 1 and shape.width > 1 and shape.channels in (1, 3)


def count_rows(shape, values):
    """Rows of A that count: with a rectifier, values of 0 do not."""
    return sum(value != 0 for value in values) if shape.rectifier else len(values)


def choose_solver(ratio, picture):
    if picture:
        return "hybrid" if ratio >= 0.8 else "whitened"
    return "scaled" if ratio >= 1.2 else "whitened"


def alternation(ratio):
    """Estimates of the switches and solutions in turn."""
    shares = [5, 5, 6, 8, 8, 10, 10, 12, 15]
    plan = [(share, WHITENED + (SWITCHES if i > 0 else 0)) for i, share in enumerate(shares)]
    if ratio >= 3:
        plan += 6 * [(15, SCALED + SWITCHES)]
    total = sum(share for share, _ in plan)
    return [(share / total, kind) for share, kind in plan]


def stretches_of(plan, iterations):
    return [(max(1, floor(share * iterations + 0.5)), kind) for share, kind in plan]


def cholesky(correlation, n):
    """L, lower, with L L' of 1 on the diagonal and `correlation` beside it; row-major."""
    lower = [0.0] * (n * n)
    for i in range(n):
        for j in range(i + 1):
            total = 1.0 if i == j else correlation
            for l in range(j):
                total -= lower[i * n + l] * lower[j * n + l]
            lower[i * n + j] = sqrt(total) if i == j else total / lower[j * n + j]
    return lower


def load_prior(kernel, smoothness=None, correlation=None):
    channels, picture = kernel.shape.channels, is_picture(kernel.shape)
    if smoothness is None:
        smoothness = 1 if picture else 0
    if correlation is None:
        correlation = 0.7 if picture and channels == 3 else 0
    kernel.load_prior(smoothness, cholesky(correlation, channels) if correlation else None)


def least_squares(
    kernel,
    values,
    switches=None,
    solver=None,
    inequalities=True,
    smoothness=None,
    correlation=None,
    noise=0.0,
    start=None,
    iterations=100,
    tolerance=1e-7,
):
    """The input from a code, its switches unknown if there are none; the run, the result, its pool residual."""
    shape = kernel.shape
    rows, unknowns = count_rows(shape, values), shape.unknowns
    if switches is None:
        plan = alternation(rows / unknowns)
        kernel.load_values(values)
        kernel.run("fixSwitches", shape.pool_height // 2 * shape.pool_width + shape.pool_width // 2)
    else:
        plan = PLANS[solver or choose_solver(rows / unknowns, is_picture(shape))][0 if inequalities else 1]
        kernel.load_code(values, switches)
    if start is not None:
        kernel.load_input(start)
    load_prior(kernel, smoothness, correlation)
    count = kernel.load_plan(stretches_of(plan, iterations))
    kernel.run("beginLeastSquares", count, tolerance, noise * rows / sqrt(rows + unknowns), int(start is not None))
    run = Run(kernel).drive(iterations)
    kernel.run("finishLeastSquares")
    return run, kernel.read_result(), kernel.run("poolResidual")


# Sparse codes


def safe_step(kernel):
    """1 / (1.02 L), found once a layer."""
    if kernel.safe_step is None:
        kernel.run("beginPowerIteration")
        for _ in range(POWER_STEPS):
            if kernel.run("stepPowerIteration", 1):
                break
        kernel.safe_step = 1 / (STEP_MARGIN * (kernel.run("largestEigenvalue") or 1))
    return kernel.safe_step


def sparsify(kernel, planar, method, k, iterations, tolerance, step=None, share=0.0):
    """The run; the code stands in the kernel. `step` is that of iht: a number, "safe" or "auto"."""
    kernel.load_input(planar)

    def begin(number, step=0.0, warm=False):
        inner = 40 if method == "omp" else 15
        kernel.run("beginSparsify", number, k, tolerance, step, share, inner, int(warm))

    def threshold(step, ceiling=inf):
        begin(0, step)
        return Run(kernel, step).drive(iterations, ceiling)

    if method == "iht":
        if step == "auto":
            run = threshold(1.0, ceiling=1)
            return threshold(safe_step(kernel)) if run.stopped == "diverged" else run
        return threshold(safe_step(kernel) if step == "safe" else step)
    if method in ("ista", "fista", "algorithm-2"):
        twice = method == "algorithm-2"
        run = Run(kernel, safe_step(kernel))
        begin(FISTA if twice else METHODS.index(method), run.step)
        run.drive(ceil(iterations / 2) if twice else iterations)
        if twice:
            begin(ON_SUPPORT, run.step, warm=True)
            run.drive(iterations)
        residual = kernel.run("keepLargest", k)
        if run.residuals:
            run.residuals[-1] = residual
        return run
    begin(METHODS.index(method))
    return Run(kernel).drive(iterations)


# Whether a code determines its input


def extremes(diagonal, beside):
    """The least and the greatest eigenvalue of a symmetric tridiagonal matrix, by bisection on Sturm's count."""
    n = len(diagonal)
    bound = max(
        abs(diagonal[i]) + ((beside[i - 1] if i > 0 else 0) + (beside[i] if i + 1 < n else 0)) for i in range(n)
    )

    def below(x):
        count, pivot = 0, 1.0
        for i in range(n):
            pivot = diagonal[i] - x - (beside[i - 1] * beside[i - 1] / pivot if i > 0 else 0)
            pivot = pivot or LEAST_NUMBER
            count += pivot < 0
        return count

    def bisect(wanted):
        low, high = -bound, bound
        for _ in range(60):
            middle = (low + high) / 2
            if below(middle) < wanted:
                low = middle
            else:
                high = middle
        return (low + high) / 2

    return bisect(1), bisect(n)


def invertibility(kernel, values, switches):
    """What the package says of a code, in its sentence."""
    kernel.load_code(values, switches)
    rows, unknowns = count_rows(kernel.shape, values), kernel.shape.unknowns
    count = kernel.load_plan([(LANCZOS_STEPS, SCALED)])
    kernel.run("beginLeastSquares", count, 0.0, 0.0, 0)
    unseen, faint = kernel.run("faintNumbers", 0.0), kernel.run("faintNumbers", FAINT)
    diagonal, beside, carried = [], [], 0.0
    while len(diagonal) < LANCZOS_STEPS and kernel.run("status") == 0:
        kernel.run("step", 1)
        alpha, beta = kernel.run("stepLength"), kernel.run("gradientRatio")
        if not alpha > 0:
            break
        diagonal.append(1 / alpha + carried)
        beside.append(sqrt(beta) / alpha)
        carried = beta / alpha
    least, greatest = extremes(diagonal, beside) if diagonal else (0.0, 1.0)
    condition = sqrt(greatest / least) if least > 0 else inf

    ratio = f"{rows} values for {unknowns} unknowns (m/N = {fixed(rows / unknowns, 2)})"
    if rows < unknowns:
        return f"{ratio}: at least {unknowns - rows} stay open, for a prior to fill in"
    if unseen > 0:
        return f"{ratio}, but {unseen} lie in no patch that was kept, for a prior to fill in"
    known = f"{ratio}, condition number at least {fixed(condition, 0)}: the code determines the input"
    if faint == 0 and condition <= TAME:
        return f"{known}, to the precision of float32"
    where = f"{faint} unknowns hardly count in the patches that were kept" if faint > 0 else "only just"
    return f"{known}, but {where}: errors grow, and iterations are many"


def fixed(number, digits):
    """The number as JavaScript's toFixed writes it: halves, of its exact value, are rounded up."""
    if number == inf:
        return "Infinity"
    return str(Decimal(number).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
