import { darkTheme, type GlobalTheme, type GlobalThemeOverrides } from 'naive-ui';
import type { Tokens } from './composables/useTokens';

/** Naive UI's base theme for ours. */
export function naiveBase(theme: 'light' | 'dark'): GlobalTheme | null {
  return theme === 'dark' ? darkTheme : null;
}

/** Naive UI in the colours, sizes and shapes of the tokens. */
export function naiveOverrides(t: Tokens, comfortable: boolean): GlobalThemeOverrides {
  const control = comfortable ? '32px' : '26px';
  const field = {
    color: t('plot'),
    colorFocus: t('plot'),
    border: `1px solid ${t('line-strong')}`,
    borderHover: `1px solid ${t('accent')}`,
    borderFocus: `1px solid ${t('accent')}`,
    boxShadowFocus: `0 0 0 1px ${t('focus')}`,
    heightSmall: control,
    heightMedium: control,
    fontSizeSmall: '12px',
    fontSizeMedium: '12px',
  };
  return {
    common: {
      fontFamily: t('font'),
      fontFamilyMono: t('mono'),
      fontSize: '12px',
      fontSizeTiny: '11px',
      fontSizeSmall: '12px',
      fontSizeMedium: '12px',
      fontSizeLarge: '13px',
      heightTiny: '22px',
      heightSmall: control,
      heightMedium: control,
      heightLarge: '32px',
      lineHeight: '1.35',
      borderRadius: '3px',
      borderRadiusSmall: '3px',
      bodyColor: t('bg'),
      cardColor: t('panel'),
      modalColor: t('panel'),
      popoverColor: t('panel'),
      tableColor: t('panel'),
      inputColor: t('plot'),
      hoverColor: t('hover'),
      textColorBase: t('text'),
      textColor1: t('text'),
      textColor2: t('text'),
      textColor3: t('text-2'),
      textColorDisabled: t('text-3'),
      placeholderColor: t('text-3'),
      iconColor: t('text-2'),
      borderColor: t('line-strong'),
      dividerColor: t('line'),
      primaryColor: t('accent'),
      primaryColorHover: t('accent-strong'),
      primaryColorPressed: t('accent-strong'),
      primaryColorSuppl: t('accent'),
      successColor: t('success'),
      warningColor: t('warn'),
      errorColor: t('error'),
      cubicBezierEaseInOut: t('ease'),
    },
    Input: field,
    InternalSelection: {
      ...field,
      borderActive: `1px solid ${t('accent')}`,
      colorActive: t('plot'),
      boxShadowActive: `0 0 0 1px ${t('focus')}`,
    },
    InternalSelectMenu: {
      optionHeightMedium: '26px',
      optionHeightSmall: '26px',
      optionFontSizeMedium: '12px',
      optionFontSizeSmall: '12px',
      optionColorPending: t('hover'),
      optionColorActive: t('selected'),
      optionTextColorActive: t('text'),
      optionCheckColor: t('accent'),
    },
    Dropdown: { optionHeightMedium: '28px', fontSizeMedium: '12px', optionColorHover: t('hover') },
    Card: { paddingMedium: '16px', titleFontSizeMedium: '14px', titleFontWeight: '600' },
    Popover: { padding: '8px 10px', fontSize: '12px' },
    Tooltip: { color: t('text'), textColor: t('panel') },
  };
}
