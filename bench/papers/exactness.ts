import { table } from '../markdown';

/** Equality with reference libraries is held by tests, which fail otherwise; here is which, and how near. */
export const exactness: readonly string[] = [
  '## Equal to the reference libraries: held by tests, not by this bench',
  '',
  'Inputs and scores of pinned libraries, with the scripts that made them, are in `test/reference/`; every run of the tests compares.',
  '',
  ...table(
    ['what', 'compared with', 'wanted', 'test'],
    [
      ['KNN (largest, mean, median)', 'PyOD 3.6.7', '1e-9 relative', '`src/core/detectors/classical.test.ts`'],
      ['LOF', 'scikit-learn 1.9.1', '1e-9 relative', 'the same'],
      [
        "PCA: components, T², Q, both limits; PyOD's weighted score; standardised columns or not",
        'scikit-learn 1.9.1, SciPy, PyOD',
        '1e-9 relative',
        'the same',
      ],
      ['isolation forest', 'scikit-learn, 1,000 trees', 'Spearman at least .98, AUC within .01', 'the same'],
      ['feature bagging', 'PyOD', 'inside the spread of its seeds', '`src/core/detectors/feature-bagging.test.ts`'],
      ['OC-SVM decision values', 'scikit-learn (libsvm)', '1e-3 of their range', '`src/core/detectors/oc-svm/oc-svm.test.ts`'],
      ['matrix profile', 'STUMPY', '1e-6', '`src/core/detectors/matrix-profile/matrix-profile.test.ts`'],
      [
        'autoencoder, DAGMM, GDN: forward pass and gradients for the same weights',
        'PyTorch, float64',
        '1e-5',
        '`test/deep-windows.conformance.ts`',
      ],
      [
        ...[
          'autoencoder, DAGMM, GDN, trained',
          'PyTorch twins, 12 seeds',
          'median of five seeds inside the range of the twin: loss, AUC, level',
        ],
        '`test/trained-networks.conformance.ts`',
      ],
      [
        ...[
          'every detector on libtensorflow and on WebAssembly: restored, cancelled, alike on both',
          'itself',
          '1e-4 of the largest score',
        ],
        '`test/detector.conformance.ts`',
      ],
    ],
  ),
  '',
];
