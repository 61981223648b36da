/**
 * Attributes of a DICOM object by their keywords.
 *
 * @module
 */
import { DicomError } from "./dicom_error.ts";

/** A data set as dcmjs names it: keyword → value, values, or items. */
type Natural = Record<string, unknown>;

export interface WantedNumbers {
  /** How many. */
  count: number;
}

/** A data set: of a whole object, or of an item of a sequence. */
export class DicomFields {
  constructor(readonly path: string, private readonly natural: Natural) {}

  has(keyword: string): boolean {
    return this.values(keyword).length > 0;
  }

  /** The first value as text without padding; undefined where there is none. */
  text(keyword: string): string | undefined {
    const [value] = this.values(keyword);
    return value === undefined ? undefined : String(value).trim() || undefined;
  }

  /** All values as text. */
  texts(keyword: string): string[] {
    return this.values(keyword).map((value) => String(value).trim());
  }

  /** @throws DicomError where it is missing */
  wantedText(keyword: string): string {
    const text = this.text(keyword);
    if (text === undefined) throw new DicomError(`${keyword} is missing`, this.path);
    return text;
  }

  /** All values as numbers; empty where there is none. @throws DicomError for what is no number */
  numbers(keyword: string): number[] {
    const numbers = this.values(keyword).map(Number);
    if (numbers.every(Number.isFinite)) return numbers;
    throw new DicomError(`${keyword} must be numbers, it is ${this.values(keyword).join("\\")}`, this.path);
  }

  /** The first value as a number; undefined where there is none. */
  number(keyword: string): number | undefined {
    return this.numbers(keyword)[0];
  }

  /** @throws DicomError where there are more or fewer */
  wantedNumbers(keyword: string, { count }: WantedNumbers): number[] {
    const numbers = this.numbers(keyword);
    if (numbers.length === count) return numbers;
    const found = numbers.length === 0 ? "it is missing" : `it has ${numbers.length}`;
    throw new DicomError(
      `${keyword} must have ${count} ${count === 1 ? "value" : "values"}, ${found}`,
      this.path,
    );
  }

  /** @throws DicomError where it is missing */
  wantedNumber(keyword: string): number {
    return this.wantedNumbers(keyword, { count: 1 })[0]!;
  }

  /** Items of a sequence; empty where there is none. */
  items(keyword: string): DicomFields[] {
    return this.values(keyword)
      .filter((item) => typeof item === "object" && item !== null)
      .map((item) => new DicomFields(this.path, item as Natural));
  }

  /** Attributes as dcmjs has them, to be written into another object; those that are there. */
  copied(keywords: readonly string[]): Record<string, unknown> {
    return Object.fromEntries(
      keywords.filter((keyword) => this.has(keyword)).map((keyword) => [keyword, this.natural[keyword]]),
    );
  }

  /** A person's name as its letters. */
  personName(keyword: string): string | undefined {
    const [value] = this.values(keyword);
    const name = typeof value === "object" && value !== null ? Object.values(value)[0] : value;
    return name === undefined ? undefined : String(name).trim() || undefined;
  }

  private values(keyword: string): unknown[] {
    const value = this.natural[keyword];
    return (Array.isArray(value) ? [...value] : [value]).filter((one) =>
      one !== undefined && one !== null && one !== ""
    );
  }
}
