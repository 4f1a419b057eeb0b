import {
  ArithmeticOperatorAtom,
  AsAtom,
  type Atom,
  DotAtom,
  EmptySetAtom,
  FunctionAtom,
  IndexerAtom,
  InfixOperatorAtom,
  IsAtom,
  LiteralAtom,
  parseFhirPath,
  SymbolAtom,
  UnionAtom,
} from '@medplum/core';
import type { Schema } from '../schema.ts';
import { type Branch, CannotCompile, type Compiling, merge } from './branch.ts';
import type { Collection } from './collection.ts';
import { functions } from './functions.ts';
import { arithmetic, operators } from './operators.ts';
import { follow } from './properties.ts';
import { isType, narrow, typeNamed } from './typing.ts';

/**
 * Compiles FHIRPath (http://hl7.org/fhirpath/N1) to closures over plain JSON. The types are known beforehand, so an
 * expression becomes branches, one for each type its values can have: `Observation.value` has eleven,
 * `Observation.value as Quantity` has one, and only that property is ever looked at.
 *
 * @param type what the expression is evaluated on, found in resources of `resourceType`
 * @throws CannotCompile when it uses what this compiler does not know
 */
export function compile(
  expression: string,
  schema: Schema,
  type: string,
  resourceType = type,
): readonly Branch[] {
  const { child } = parseFhirPath(expression);
  const compiler = new Compiler(schema, itself(type), type, resourceType);
  return compiler.compile(child, compiler.self);
}

const itself = (type: string): readonly Branch[] => [{ type, evaluate: scope => scope.self }];

class Compiler implements Compiling {
  readonly schema: Schema;
  readonly self: readonly Branch[];
  readonly type: string;
  readonly resourceType: string;

  constructor(schema: Schema, self: readonly Branch[], type: string, resourceType: string) {
    this.schema = schema;
    this.self = self;
    this.type = type;
    this.resourceType = resourceType;
  }

  compileFor(atom: Atom, type: string): readonly Branch[] {
    const inner = new Compiler(this.schema, itself(type), this.type, this.resourceType);
    return inner.compile(atom, inner.self);
  }

  compile(atom: Atom, input: readonly Branch[]): readonly Branch[] {
    if (atom instanceof SymbolAtom) return this.#symbol(atom.name, input);
    if (atom instanceof DotAtom) return this.compile(atom.right, this.compile(atom.left, input));
    if (atom instanceof FunctionAtom) return this.#call(atom, input);
    if (atom instanceof LiteralAtom) return literal(atom);
    if (atom instanceof UnionAtom)
      return [...this.compile(atom.left, input), ...this.compile(atom.right, input)];
    if (atom instanceof AsAtom) return narrow(this.compile(atom.left, input), typeNamed(atom.right), this);
    if (atom instanceof IsAtom) return isType(this.compile(atom.left, input), typeNamed(atom.right), this);
    if (atom instanceof IndexerAtom) return this.#indexer(atom, input);
    if (atom instanceof EmptySetAtom) return [];
    return this.#infix(atom, input);
  }

  #symbol(name: string, input: readonly Branch[]): readonly Branch[] {
    if (name === '$this') return this.self;
    if (name.startsWith('%')) return this.#variable(name);
    if (input === this.self && this.schema.find(name)?.kind === 'resource') {
      // `Patient.name`: the expression names the type it starts from; on any other type it finds nothing.
      return input.filter(branch => this.schema.is(branch.type, name));
    }
    return input.flatMap(branch => follow(branch, name, this.schema));
  }

  #variable(name: string): readonly Branch[] {
    switch (name) {
      case '%resource':
        return [{ type: this.resourceType, evaluate: scope => [scope.evaluation.resource] }];
      case '%rootResource':
        return [{ type: 'DomainResource', evaluate: scope => [scope.evaluation.root] }];
      case '%context':
        return [{ type: this.type, evaluate: scope => scope.context }];
      case '%ucum':
        return [{ type: 'string', evaluate: () => ['http://unitsofmeasure.org'] }];
      default:
        throw new CannotCompile(`cannot compile the variable ${name}`);
    }
  }

  #call(atom: FunctionAtom, input: readonly Branch[]): readonly Branch[] {
    const found = functions[atom.name];
    if (!found) throw new CannotCompile(`cannot compile the function ${atom.name}()`);
    return found({ input, args: atom.args, context: this });
  }

  #indexer(atom: IndexerAtom, input: readonly Branch[]): readonly Branch[] {
    const position: unknown = atom.expr instanceof LiteralAtom ? atom.expr.value.value : undefined;
    if (typeof position !== 'number') throw new CannotCompile('cannot compile an index that is not a number');
    const branches = this.compile(atom.left, input);
    const all = merge(branches);
    const [first, ...others] = branches;
    const type = first && others.length === 0 ? first.type : 'any';
    return [{ type, evaluate: scope => all(scope).slice(position, position + 1) }];
  }

  #infix(atom: Atom, input: readonly Branch[]): readonly Branch[] {
    if (!(atom instanceof InfixOperatorAtom)) throw new CannotCompile(`cannot compile ${atom}`);
    const left = this.compile(atom.left, input);
    const right = this.compile(atom.right, input);
    if (atom instanceof ArithmeticOperatorAtom) return [arithmetic(atom.operator, left, right, this.schema)];
    const operator = operators[atom.operator];
    if (!operator) throw new CannotCompile(`cannot compile the operator ${atom.operator}`);
    const [a, b] = [merge(left), merge(right)];
    return [{ type: operator.type, evaluate: scope => operator.apply(a, b, scope) }];
  }
}

function literal(atom: LiteralAtom): readonly Branch[] {
  const value: Collection = Object.freeze([atom.value.value]);
  return [{ type: atom.value.type, evaluate: () => value }];
}
