import { describe, expect, it } from 'vitest';
import { narrativeProblem } from './narrative.ts';

const div = (inside: string): string => `<div xmlns="http://www.w3.org/1999/xhtml">${inside}</div>`;

describe('narrative', () => {
  it.each([
    div('text'),
    div('<p class="x">a <b>b</b><br/></p><!-- <script> in a comment -->'),
    div('<table border="1"><tbody><tr><td colspan="2">a &amp; b &lt; c</td></tr></tbody></table>'),
    div('<a href="https://x.example/a?b=c">x</a> <a href="#top">y</a> <a name="top"> </a>'),
    div('<a href="mailto:a@b.example">x</a><a href="tel:+1">y</a><a href="Patient-1.html#Patient:x">z</a>'),
    div('<img src="data: image/png;base64,aGVsbG8=" alt="x"/>'),
    div('<p style="margin: 0px; background: url(x.png); font-family: &quot;Arial&quot;">x</p>'),
    `  <div\nxmlns='http://www.w3.org/1999/xhtml'>x</div>\n`,
  ])('takes %s', xhtml => {
    expect(narrativeProblem(xhtml)).toBeUndefined();
  });

  it.each([
    ['text', /in one <div>/],
    ['<p>text</p>', /in one <div>/],
    [`${div('a')}${div('b')}`, /in one <div>/],
    [`${div('a')} and more`, /nothing beside it/],
    [div(''), /content/],
    [div('<p> <br/></p>'), /content/],
    [div('<p>x'), /expected <\/p>/],
    [div('<b><i>x</b></i>'), /expected <\/i>/],
    ['<div>x', /<div> is not closed/],
    ['<div>x</div', /expected <\/div>/],
    ['<div>x</div></div>', /expected/],
    ['<div', /in one <div>/],
    ['<div ', /a tag does not end/],
    [div('<script>alert(1)</script>'), /without <script>/],
    [div('<SCRIPT>alert(1)</SCRIPT>'), /without <SCRIPT>/],
    [div('<iframe src="x"/>'), /without <iframe>/],
    [div('<svg onload="x"/>'), /without <svg>/],
    [div('<form action="x"><p>x</p></form>'), /without <form>/],
    [div('<!DOCTYPE html>x'), /without </],
    [div('<?xml version="1.0"?>x'), /without </],
    [div('<!-- x'), /--> is missing/],
    [div('<p onclick="x()">x</p>'), /without the attribute onclick/],
    [div('<p onmouseover=x>x</p>'), /without the attribute onmouseover/],
    [div('<p class=x>x</p>'), /needs a quoted value/],
    [div('<p class"x">x</p>'), /needs a quoted value/],
    [div('<p class>x</p>'), /needs a quoted value/],
    [div('<a href="javascript:alert(1)">x</a>'), /must not run anything by its href/],
    [div('<a href=" JavaScript:alert(1)">x</a>'), /must not run/],
    [div('<a href="java\nscript:alert(1)">x</a>'), /must not run/],
    [div('<a href="&#106;avascript:alert(1)">x</a>'), /must not run/],
    [div('<a href="javascript&colon;alert(1)">x</a>'), /must not run/],
    [div('<a href="data:text/html,x">x</a>'), /must not run/],
    [div('<img src="data:image/svg+xml,x" alt="x"/>'), /must not run/],
    [div('<p style="width: expression(alert(1))">x</p>'), /styles that run nothing/],
    [div('<p style="background: url(java\\script:x)">x</p>'), /styles that run nothing/],
  ])('refuses %s', (xhtml, message) => {
    expect(narrativeProblem(xhtml)).toMatch(message);
  });

  it('takes time that grows with the length only', () => {
    for (const part of ['<b>', '<p ', '&lt;', ' '.repeat(50), '<!--', '</p>', '<p class="', 'a="b" ']) {
      const started = performance.now();
      narrativeProblem(`<div>${part.repeat(100_000 / part.length)}</div>`);
      expect(performance.now() - started, part).toBeLessThan(2_000);
    }
  });
});
