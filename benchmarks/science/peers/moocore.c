/*
 * The rows pareto.* by moocore, the C library that they are held against. Prints the median and the least of 15 runs, in
 * milliseconds. README.md beside it says how to build it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "nondominated.h"
#include "hv.h"

#define RUNS 15

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void print_row(const char *name, double *times) {
  qsort(times, RUNS, sizeof *times, ascending);
  printf("%-26s median %8.3f ms, least %8.3f ms\n", name, times[RUNS / 2], times[0]);
}

/* Two runs warm up and are not counted. */
#define MEASURE(name, statement)                    \
  do {                                              \
    double times[RUNS];                             \
    for (int run = -2; run < RUNS; run++) {         \
      const double begun = now_ms();                \
      statement;                                    \
      if (run >= 0) times[run] = now_ms() - begun;  \
    }                                               \
    print_row(name, times);                         \
  } while (0)

static void filter(const double *points, size_t n, int objectives) {
  free(is_nondominated_minimise(points, n, objectives, true));
}

int main(void) {
  const size_t many = 1000000, flat = 100000, plane = 10000;
  double *uniform = malloc(3 * many * sizeof *uniform);
  double *line = malloc(2 * flat * sizeof *line);
  double *slope = malloc(3 * plane * sizeof *slope);
  int *ranks = malloc(flat * sizeof *ranks);
  srand48(1);
  for (size_t i = 0; i < 3 * many; i++) uniform[i] = drand48();
  for (size_t i = 0; i < flat; i++) {
    line[2 * i] = drand48();
    line[2 * i + 1] = 1 - line[2 * i];
  }
  for (size_t i = 0; i < plane; i++) {
    slope[3 * i] = drand48();
    slope[3 * i + 1] = drand48();
    slope[3 * i + 2] = 2 - slope[3 * i] - slope[3 * i + 1];
  }
  const double reference[3] = {1.1, 1.1, 2.1};
  volatile double volume;
  MEASURE("pareto.filter.2d", filter(uniform, many, 2));
  MEASURE("pareto.filter.3d", filter(uniform, many, 3));
  MEASURE("pareto.filter.hard/2d", filter(line, flat, 2));
  MEASURE("pareto.filter.hard/3d", filter(slope, plane, 3));
  MEASURE("pareto.rank.2d", pareto_rank(ranks, uniform, 91125, 2));
  MEASURE("pareto.rank.3d", pareto_rank(ranks, uniform, 10000, 3));
  MEASURE("pareto.hypervolume.2d", volume = fpli_hv(line, flat, 2, reference));
  MEASURE("pareto.hypervolume.3d", volume = fpli_hv(slope, plane, 3, reference));
  return volume < 0;
}
