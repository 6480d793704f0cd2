package dev.pawl.cli.report;

/**
 * A plot, drawn by the page's script.
 *
 * @param id unique on the page
 * @param kind which drawing of the script: curves, positions, speeds or goodput
 * @param title what stands above it
 * @param alternative what is to be seen in it, in words
 * @param data what is drawn: maps, lists, texts and numbers
 */
public record Plot(String id, String kind, String title, String alternative, Object data) {}
