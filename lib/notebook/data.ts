/**
 * `consilium/data`: what notebooks read of a cohort's scans. It never loads TensorFlow.
 *
 * @module
 */
export { readCase, surveyCohort } from "../workbench/survey_cohort.ts";
