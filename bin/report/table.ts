import { type Content, type Markup, markup } from "./markup";

/**
 * A table that a phone shows as one block a row, each cell with its heading. The roles keep it a table for screen readers,
 * which forget that when its parts are laid out as blocks.
 *
 * @param numbersFrom first column whose cells are numbers
 */
export function table(
    head: readonly string[],
    rows: readonly (readonly Content[])[],
    numbersFrom = Number.POSITIVE_INFINITY,
): Markup {
    const kind = (column: number): Markup | undefined => (column >= numbersFrom ? markup` class="number"` : undefined);
    return markup`<table role="table"><thead role="rowgroup"><tr role="row">${head.map(
        (title, column) => markup`<th role="columnheader" scope="col"${kind(column)}>${title}</th>`,
    )}</tr></thead>
<tbody role="rowgroup">${rows.map(
        (cells) =>
            markup`<tr role="row">${cells.map(
                (cell, column) =>
                    markup`<td role="cell" data-label="${head[column]}"${kind(column)}><span>${cell}</span></td>`,
            )}</tr>\n`,
    )}</tbody></table>
`;
}
