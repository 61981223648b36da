/**
 * The part of Plotly that draws this project's figures.
 *
 * @module
 */

/** The 2D plots only: a third of the full bundle to read. A name of the import map. */
export const PLOTLY_BUNDLE = "plotly.js/dist/plotly-cartesian.min.js";
