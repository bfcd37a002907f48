import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;
const { DataType } = onnx.TensorProto;
const { AttributeType } = onnx.AttributeProto;

/** Valid models of one small input that do harm when they run. Each loads in a moment. */
export const hostileModels = {
  /** The least 32-bit number modulo −1: the processor raises an exception that the runtime (1.30) does not handle. */
  crashes: (): Uint8Array =>
    encoded({
      node: [
        { opType: 'Cast', input: ['x'], output: ['whole'], attribute: [int('to', DataType.INT32)] },
        { opType: 'Sub', input: ['whole', 'whole'], output: ['none'] },
        { opType: 'Add', input: ['none', 'least'], output: ['a'] },
        { opType: 'Add', input: ['none', 'minus-one'], output: ['b'] },
        { opType: 'Mod', input: ['a', 'b'], output: ['rest'] },
        { opType: 'Cast', input: ['rest'], output: ['y'], attribute: [int('to', DataType.FLOAT)] },
      ],
      initializer: [
        { name: 'least', dims: [1], dataType: DataType.INT32, int32Data: [-(2 ** 31)] },
        { name: 'minus-one', dims: [1], dataType: DataType.INT32, int32Data: [-1] },
      ],
    }),
  /** A loop of 9 × 10^15 rounds. */
  hangs: (): Uint8Array =>
    encoded({
      node: [
        {
          opType: 'Loop',
          input: ['rounds', 'go-on', 'x'],
          output: ['y'],
          attribute: [
            {
              name: 'body',
              type: AttributeType.GRAPH,
              g: {
                name: 'body',
                node: [
                  { opType: 'Identity', input: ['go'], output: ['still'] },
                  { opType: 'Mul', input: ['value', 'value'], output: ['square'] },
                ],
                input: [value('at', DataType.INT64, []), value('go', DataType.BOOL, []), value('value')],
                output: [value('still', DataType.BOOL, []), value('square')],
              },
            },
          ],
        },
      ],
      initializer: [
        { name: 'rounds', dims: [], dataType: DataType.INT64, int64Data: [9e15] },
        { name: 'go-on', dims: [], dataType: DataType.BOOL, int32Data: [1] },
      ],
    }),
  /** One number spread over 8 GB, twice. */
  eats: (): Uint8Array =>
    encoded({
      node: [
        { opType: 'Mul', input: ['x', 'x'], output: ['square'] },
        { opType: 'Expand', input: ['square', 'shape'], output: ['large'] },
        { opType: 'Exp', input: ['large'], output: ['larger'] },
        {
          opType: 'ReduceSum',
          input: ['larger'],
          output: ['sum'],
          attribute: [int('keepdims', 1)],
        },
        { opType: 'Identity', input: ['sum'], output: ['y'] },
      ],
      initializer: [{ name: 'shape', dims: [1], dataType: DataType.INT64, int64Data: [2e9] }],
    }),
};

function encoded(graph: object): Uint8Array {
  const model = onnx.ModelProto.fromObject({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: { name: 'hostile', input: [value('x')], output: [value('y')], ...graph },
  });
  return onnx.ModelProto.encode(model).finish();
}

function value(name: string, elemType: number = DataType.FLOAT, shape: readonly number[] = [1]): object {
  return {
    name,
    type: { tensorType: { elemType, shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
  };
}

const int = (name: string, i: number): object => ({ name, type: AttributeType.INT, i });
