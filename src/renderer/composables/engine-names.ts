/** What runs the tensors, as people call it. */
export const engineNames = { tensorflow: 'TensorFlow native', wasm: 'TensorFlow wasm', cpu: 'TensorFlow JavaScript' } as const;
